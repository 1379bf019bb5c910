; Of patterns that name the same symbol the first counts.

(namespace_definition name: (_) @name body: (_) @body) @symbol.module
; namespace A; holds the rest of the file.
(namespace_definition name: (_) @name !body (#set! rest "")) @symbol.module

(class_declaration name: (_) @name body: (_) @body) @symbol.class
(interface_declaration name: (_) @name body: (_) @body) @symbol.interface
(trait_declaration name: (_) @name body: (_) @body) @symbol.interface
(enum_declaration name: (_) @name body: (_) @body) @symbol.enum
(enum_case name: (_) @name) @symbol.constant
(function_definition name: (_) @name body: (_) @body) @symbol.function
(method_declaration name: (_) @name body: (_) @body) @symbol.method
(method_declaration name: (_) @name) @symbol.method

(property_declaration (property_element name: (variable_name (name) @name))) @symbol.field
(property_promotion_parameter name: (variable_name (name) @name) (#set! lifted "")) @symbol.field
(const_declaration (const_element . (name) @name)) @symbol.constant
((function_call_expression function: (name) @_define arguments: (arguments . (argument (string (string_content) @name)))) @symbol.constant
  (#eq? @_define "define"))

; $handler = function () {…}
(assignment_expression
  left: (variable_name (name) @name)
  right: [(anonymous_function body: (_) @body) (arrow_function body: (_) @body)]) @symbol.function

; Pest: it("does this", function () {…})
((function_call_expression
  function: (name) @_test
  arguments: (arguments
    .
    (argument [(string (string_content) @name) (encapsed_string (string_content) @name)])
    .
    (argument [(anonymous_function) (arrow_function)]))) @symbol.test
  (#any-of? @_test "it" "test" "describe"))
