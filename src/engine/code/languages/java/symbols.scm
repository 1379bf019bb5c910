; Of patterns that name the same symbol the first counts.

(package_declaration (_) @name) @symbol.module

(class_declaration name: (_) @name body: (_) @body) @symbol.class
(record_declaration name: (_) @name body: (_) @body) @symbol.class
(interface_declaration name: (_) @name body: (_) @body) @symbol.interface
(annotation_type_declaration name: (_) @name body: (_) @body) @symbol.interface
(enum_declaration name: (_) @name body: (_) @body) @symbol.enum
(enum_constant name: (_) @name body: (_) @body) @symbol.constant
(enum_constant name: (_) @name) @symbol.constant

(method_declaration name: (_) @name body: (_) @body) @symbol.method
(method_declaration name: (_) @name) @symbol.method
(constructor_declaration name: (_) @name body: (_) @body) @symbol.method
(compact_constructor_declaration name: (_) @name body: (_) @body) @symbol.method
(annotation_type_element_declaration name: (_) @name) @symbol.field

((field_declaration (modifiers) @_modifiers declarator: (variable_declarator name: (_) @name)) @symbol.constant
  (#match? @_modifiers "static")
  (#match? @_modifiers "final"))
(field_declaration declarator: (variable_declarator name: (_) @name)) @symbol.field
(constant_declaration declarator: (variable_declarator name: (_) @name)) @symbol.constant
(record_declaration parameters: (formal_parameters (formal_parameter name: (_) @name) @symbol.field))
