; Of patterns that name the same symbol the first counts.

(package_clause (package_identifier) @name) @symbol.module

(function_declaration name: (_) @name body: (_) @body) @symbol.function
(function_declaration name: (_) @name) @symbol.function

; A method stands in the type that receives it.
(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: [
        (type_identifier) @container
        (generic_type type: (_) @container)
        (pointer_type [(type_identifier) @container (generic_type type: (_) @container)])
      ]))
  name: (_) @name
  body: (_) @body) @symbol.method

(type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @symbol.class
(type_spec name: (_) @name type: (interface_type "{" @body)) @symbol.interface
(type_spec name: (_) @name) @symbol.type
(type_alias name: (_) @name) @symbol.type
(field_declaration name: (_) @name) @symbol.field
(method_elem name: (_) @name) @symbol.method

; type A struct {…}: the keyword belongs to what it declares, unless it is that of a list.
((type_declaration) @outer (#not-match? @outer "^type\\s*\\("))

; t.Run("a sentence", func(t *testing.T) {…})
((call_expression
  function: (selector_expression field: (_) @_run)
  arguments: (argument_list . [(interpreted_string_literal) (raw_string_literal)] @name . (func_literal))) @symbol.test
  (#eq? @_run "Run"))
