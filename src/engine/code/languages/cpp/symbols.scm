; What C++ has besides C.

(namespace_definition name: (_) @name body: (_) @body) @symbol.module
(class_specifier name: [(type_identifier) @name (template_type name: (_) @name)] body: (_) @body) @symbol.class
(struct_specifier name: (template_type name: (_) @name) body: (_) @body) @symbol.class
(alias_declaration name: (_) @name) @symbol.type
(concept_definition name: (_) @name) @symbol.type
(template_declaration) @outer

; In the body of a class: methods, operators, constructors and destructors.
(function_definition
  declarator: [
    (function_declarator declarator: [(field_identifier) @name (destructor_name) @name (operator_name) @name])
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) @name (operator_name) @name]))
    (reference_declarator (function_declarator declarator: [(field_identifier) @name (operator_name) @name]))
  ]
  body: (_)? @body) @symbol.method
(field_declaration
  declarator: [
    (function_declarator declarator: [(field_identifier) @name (destructor_name) @name (operator_name) @name])
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) @name (operator_name) @name]))
    (reference_declarator (function_declarator declarator: [(field_identifier) @name (operator_name) @name]))
  ]) @symbol.method
(field_declaration_list
  (function_definition declarator: (function_declarator declarator: (identifier) @name) (field_initializer_list) @body) @symbol.method)
(field_declaration_list
  (function_definition declarator: (function_declarator declarator: (identifier) @name) body: (_)? @body) @symbol.method)
(field_declaration_list
  (declaration
    declarator: (function_declarator declarator: [(identifier) @name (destructor_name) @name (operator_name) @name])) @symbol.method)
(field_declaration_list
  (template_declaration (declaration declarator: (function_declarator declarator: (identifier) @name)) @symbol.method))
(field_declaration declarator: (reference_declarator (field_identifier) @name)) @symbol.field

; Outside of it: Stack<T>::push
(function_definition
  declarator: [
    (function_declarator
      declarator: (qualified_identifier scope: [(template_type name: (_) @container) (namespace_identifier) @container] name: (_) @name))
    (pointer_declarator
      declarator: (function_declarator
        declarator: (qualified_identifier scope: [(template_type name: (_) @container) (namespace_identifier) @container] name: (_) @name)))
    (reference_declarator
      (function_declarator
        declarator: (qualified_identifier scope: [(template_type name: (_) @container) (namespace_identifier) @container] name: (_) @name)))
  ]
  (field_initializer_list)? @body
  body: (_)? @body) @symbol.method

; GoogleTest: TEST(Suite, Name); Catch2 and doctest: TEST_CASE("a sentence")
((function_definition
  declarator: (function_declarator
    declarator: (identifier) @_test
    parameters: (parameter_list . (parameter_declaration) @container . (parameter_declaration) @name .))
  body: (_)) @symbol.test
  (#any-of? @_test "TEST" "TEST_F" "TEST_P" "TYPED_TEST"))
((function_definition declarator: (function_declarator declarator: (identifier) @name)) @ignored
  (#any-of? @name "TEST" "TEST_F" "TEST_P" "TYPED_TEST"))
((call_expression function: (identifier) @_test arguments: (argument_list . (string_literal) @name)) @symbol.test
  (#any-of? @_test "TEST_CASE" "SCENARIO"))

(function_definition
  declarator: (reference_declarator (function_declarator declarator: (identifier) @name))
  body: (_) @body) @symbol.function
