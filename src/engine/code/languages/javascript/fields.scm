(field_definition
  property: (_) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.method
(field_definition property: (_) @name) @symbol.field

; In the grammar of JavaScript what is extended stands alone.
(class_heritage [(identifier) @base (member_expression property: (_) @base) (call_expression function: (identifier) @base)])
