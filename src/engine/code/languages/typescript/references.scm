; import fs = require("fs")
(import_require_clause (identifier) @namespace source: (string) @module) @import

(extends_clause
  value: [(identifier) @base (member_expression property: (_) @base) (call_expression function: (identifier) @base)])
(implements_clause
  [(type_identifier) @base (generic_type name: (_) @base) (nested_type_identifier name: (_) @base)])
(extends_type_clause
  type: [(type_identifier) @base (generic_type name: (_) @base) (nested_type_identifier name: (_) @base)])
