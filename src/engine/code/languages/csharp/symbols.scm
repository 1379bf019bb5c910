; Of patterns that name the same symbol the first counts.

(namespace_declaration name: (_) @name body: (_) @body) @symbol.module
; namespace A; holds the rest of the file.
(file_scoped_namespace_declaration name: (_) @name (#set! rest "")) @symbol.module

(class_declaration name: (_) @name body: (_) @body) @symbol.class
(class_declaration name: (_) @name) @symbol.class
(struct_declaration name: (_) @name body: (_) @body) @symbol.class
(record_declaration name: (_) @name body: (_) @body) @symbol.class
(record_declaration name: (_) @name) @symbol.class
(interface_declaration name: (_) @name body: (_) @body) @symbol.interface
(enum_declaration name: (_) @name body: (_) @body) @symbol.enum
(enum_member_declaration name: (_) @name) @symbol.constant
(delegate_declaration name: (_) @name) @symbol.type

(method_declaration name: (_) @name body: (_) @body) @symbol.method
(method_declaration name: (_) @name) @symbol.method
(constructor_declaration name: (_) @name (constructor_initializer) @body) @symbol.method
(constructor_declaration name: (_) @name body: (_) @body) @symbol.method
(local_function_statement name: (_) @name body: (_) @body) @symbol.function
(operator_declaration operator: _ @name body: (_) @body) @symbol.method
(indexer_declaration "this" @name) @symbol.method

(property_declaration name: (_) @name accessors: (_) @body) @symbol.field
(property_declaration name: (_) @name value: (_) @body) @symbol.field
((field_declaration (modifier) @_const (variable_declaration (variable_declarator name: (_) @name))) @symbol.constant
  (#eq? @_const "const"))
(field_declaration (variable_declaration (variable_declarator name: (_) @name))) @symbol.field
(event_field_declaration (variable_declaration (variable_declarator name: (_) @name))) @symbol.field
(record_declaration (parameter_list (parameter name: (_) @name) @symbol.field))
