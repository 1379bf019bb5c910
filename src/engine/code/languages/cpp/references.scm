(call_expression function: (qualified_identifier scope: (_)? @receiver name: [(identifier) @call (template_function name: (_) @call)]))
(call_expression
  function: (qualified_identifier
    scope: (_) @_scope
    name: (qualified_identifier scope: (_) @receiver name: [(identifier) @call (template_function name: (_) @call)])))
(call_expression function: (template_function name: (_) @call))
(call_expression
  function: (field_expression argument: (_) @receiver field: (template_method name: (_) @call)))
(new_expression
  type: [(type_identifier) @call (template_type name: (_) @call) (qualified_identifier scope: (_) @receiver name: (_) @call)])

(base_class_clause
  [
    (type_identifier) @base
    (template_type name: (_) @base)
    (qualified_identifier name: [(type_identifier) @base (template_type name: (_) @base)])
  ])

((call_expression
  function: (qualified_identifier name: (identifier) @_getenv)
  arguments: (argument_list . (string_literal (string_content) @key))) @config
  (#eq? @_getenv "getenv"))
