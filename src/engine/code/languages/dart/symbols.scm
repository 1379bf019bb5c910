; Of patterns that name the same symbol the first counts. In this grammar the body of a function stands beside its signature, not in it.

(class_definition name: (_) @name body: (_) @body) @symbol.class
(mixin_declaration (identifier) @name (class_body) @body) @symbol.interface
(extension_declaration name: (_) @name body: (_) @body) @symbol.class
(extension_type_declaration name: (_) @name body: (_) @body) @symbol.class
(enum_declaration name: (_) @name body: (_) @body) @symbol.enum
(enum_constant name: (_) @name) @symbol.constant
(type_alias . (type_identifier) @name . [(function_type) (type_parameters)]) @symbol.type
(type_alias . (type_identifier) @name . (type_identifier) .) @symbol.type
(type_alias (type_identifier) @name . (formal_parameter_list)) @symbol.type

(program
  [(function_signature name: (_) @name) (getter_signature name: (_) @name) (setter_signature name: (_) @name)] @symbol.function
  .
  (function_body) @body)
(_
  (method_signature
    [
      (function_signature name: (_) @name)
      (getter_signature name: (_) @name)
      (setter_signature name: (_) @name)
      (operator_signature (binary_operator) @name)
      (factory_constructor_signature . (identifier) . (identifier) @name)
      (factory_constructor_signature . (identifier) @name . (formal_parameter_list))
      (constructor_signature . name: (identifier) @name . parameters: (_))
      (constructor_signature . (identifier) . (identifier) @name)
    ]) @symbol.method
  .
  (function_body) @body)
(declaration
  [
    (function_signature name: (_) @name)
    (getter_signature name: (_) @name)
    (constructor_signature . name: (identifier) @name . parameters: (_))
    (constructor_signature . (identifier) . (identifier) @name)
    (constant_constructor_signature . (const_builtin) . (identifier) @name . (formal_parameter_list))
    (constant_constructor_signature (identifier) . (identifier) @name)
  ]) @symbol.method
(local_function_declaration (lambda_expression parameters: (function_signature name: (_) @name) body: (_) @body)) @symbol.function

(declaration (const_builtin) (static_final_declaration_list (static_final_declaration . (identifier) @name))) @symbol.constant
(declaration (static_final_declaration_list (static_final_declaration . (identifier) @name))) @symbol.field
(declaration (initialized_identifier_list (initialized_identifier . (identifier) @name))) @symbol.field
(program (static_final_declaration_list (static_final_declaration . (identifier) @name) @symbol.constant))
(program (initialized_identifier_list (initialized_identifier . (identifier) @name) @symbol.variable))

; test("does this", () {…})
(expression_statement
  .
  (identifier) @_test
  .
  (selector (argument_part (arguments . (argument (string_literal) @name) . (argument (function_expression)))))
  (#any-of? @_test "test" "group" "testWidgets" "blocTest" "testGoldens")) @symbol.test
