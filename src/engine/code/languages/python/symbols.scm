; Of patterns that name the same symbol the first counts.

(class_definition name: (_) @name body: (block . (expression_statement (string) @doc)?) @body) @symbol.class

(class_definition
  body: (block
    [
      (function_definition name: (_) @name body: (block . (expression_statement (string) @doc)?) @body) @symbol.method
      (decorated_definition
        definition: (function_definition
          name: (_) @name
          body: (block . (expression_statement (string) @doc)?) @body) @symbol.method)
    ]))
(function_definition name: (_) @name body: (block . (expression_statement (string) @doc)?) @body) @symbol.function

(decorated_definition) @outer

(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @symbol.field)))

; self.name = … in the constructor
((class_definition
  body: (block
    (function_definition
      name: (identifier) @_init
      body: (block
        (expression_statement
          (assignment left: (attribute object: (identifier) @_self attribute: (identifier) @name)) @symbol.field)))))
  (#eq? @_init "__init__")
  (#eq? @_self "self")
  (#set! lifted ""))
