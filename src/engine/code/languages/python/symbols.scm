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

; Constants are written in capitals.
((module (expression_statement (assignment left: (identifier) @name) @symbol.constant)) (#match? @name "^_*[A-Z][A-Z0-9_]*$"))
(module (expression_statement (assignment left: (identifier) @name) @symbol.variable))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @symbol.field)))
(module (type_alias_statement left: (type (_) @name)) @symbol.type)

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

; __all__ = ["a", "b"]
((module (expression_statement (assignment left: (identifier) @_all right: [(list (string (string_content) @export.name)) (tuple (string (string_content) @export.name))])))
  (#eq? @_all "__all__"))
