(call_expression function: (identifier) @call)
(call_expression function: (field_expression argument: (_) @receiver field: (field_identifier) @call))

(preproc_include path: (_) @module) @import

((call_expression function: (identifier) @_getenv arguments: (argument_list . (string_literal (string_content) @key))) @config
  (#any-of? @_getenv "getenv" "secure_getenv"))
