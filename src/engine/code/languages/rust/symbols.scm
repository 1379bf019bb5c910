; Of patterns that name the same symbol the first counts.

(mod_item name: (_) @name body: (_) @body) @symbol.module
(struct_item name: (_) @name body: (field_declaration_list) @body) @symbol.class
(struct_item name: (_) @name) @symbol.class
(union_item name: (_) @name body: (_) @body) @symbol.class
(enum_item name: (_) @name body: (_) @body) @symbol.enum
(trait_item name: (_) @name body: (_) @body) @symbol.interface
(type_item name: (_) @name) @symbol.type
(associated_type name: (_) @name) @symbol.type
(macro_definition name: (_) @name . (macro_rule) @body) @symbol.function

; What an impl holds stands in its type.
(impl_item
  type: [
    (type_identifier) @name
    (generic_type type: [(type_identifier) @name (scoped_type_identifier name: (_) @name)])
    (scoped_type_identifier name: (_) @name)
    (reference_type type: (type_identifier) @name)
  ]) @scope

(impl_item body: (declaration_list (function_item name: (_) @name body: (_) @body) @symbol.method))
(trait_item body: (declaration_list (function_item name: (_) @name body: (_) @body) @symbol.method))
(trait_item body: (declaration_list (function_signature_item name: (_) @name) @symbol.method))
(function_item name: (_) @name body: (_) @body) @symbol.function
(function_signature_item name: (_) @name) @symbol.function

(field_declaration name: (_) @name) @symbol.field
(enum_variant name: (_) @name) @symbol.constant
(source_file [(const_item name: (_) @name) (static_item name: (_) @name)] @symbol.constant)
(declaration_list [(const_item name: (_) @name) (static_item name: (_) @name)] @symbol.constant)
