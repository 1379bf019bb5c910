; What TypeScript has besides JavaScript.

(abstract_class_declaration name: (_) @name body: (_) @body) @symbol.class
(interface_declaration name: (_) @name body: (_) @body) @symbol.interface
(type_alias_declaration name: (_) @name value: (_) @body) @symbol.type
(enum_declaration name: (_) @name body: (_) @body) @symbol.enum
(enum_body name: (_) @name @symbol.constant)
(enum_assignment name: (_) @name) @symbol.constant
(internal_module name: (_) @name body: (_) @body) @symbol.module
(module name: (_) @name body: (_) @body) @symbol.module

(function_signature name: (_) @name) @symbol.function
(abstract_method_signature name: (_) @name) @symbol.method
(method_signature name: (_) @name) @symbol.method
(property_signature name: (_) @name type: (type_annotation (function_type))) @symbol.method
(property_signature name: (_) @name) @symbol.field

(public_field_definition
  name: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.method
(public_field_definition name: (_) @name) @symbol.field
; constructor(private readonly clock: Clock)
(method_definition
  name: (_) @_constructor
  parameters: (formal_parameters (required_parameter (accessibility_modifier) pattern: (identifier) @name) @symbol.field)
  (#eq? @_constructor "constructor")
  (#set! lifted ""))

(internal_module
  body: (statement_block
    (export_statement
      declaration: (lexical_declaration (variable_declarator name: (identifier) @name) @symbol.constant))))
(ambient_declaration (lexical_declaration (variable_declarator name: (identifier) @name) @symbol.constant))
(ambient_declaration (variable_declaration (variable_declarator name: (identifier) @name) @symbol.variable))
(ambient_declaration) @outer
