(call_expression function: (identifier) @call)
(call_expression function: (member_expression object: (_) @receiver property: (_) @call))
(new_expression constructor: (identifier) @call)
(new_expression constructor: (member_expression object: (_) @receiver property: (_) @call))
(decorator (identifier) @call)

; What several patterns say of one import is put together.
(import_statement source: (string) @module) @import
(import_statement (import_clause (identifier) @default) source: (string) @module) @import
(import_statement (import_clause (namespace_import (identifier) @namespace)) source: (string) @module) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (_) @imported alias: (_)? @alias)))
  source: (string) @module) @import
(export_statement
  (export_clause (export_specifier name: (_) @imported alias: (_)? @alias))
  source: (string) @module
  (#set! reexport "")) @import
(export_statement (namespace_export (_) @namespace) source: (string) @module (#set! reexport "")) @import
(export_statement "*" @wildcard source: (string) @module (#set! reexport "")) @import
(call_expression function: (import) arguments: (arguments . (string) @module)) @import

; NestJS: @Controller("items") and @Get(":id")
((decorator (call_expression function: (identifier) @route.method arguments: (arguments . (string)? @route.path))) @route
  (#any-of? @route.method "Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "All")
  (#set! of "next"))
((decorator (call_expression function: (identifier) @_controller arguments: (arguments . (string) @route.prefix)))
  (#eq? @_controller "Controller")
  (#set! of "next"))
