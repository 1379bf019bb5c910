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
((call_expression function: (identifier) @_require arguments: (arguments . (string) @module .)) @import
  (#eq? @_require "require"))
((variable_declarator
  name: (identifier) @namespace
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) @import)
  (#eq? @_require "require"))
((variable_declarator
  name: (object_pattern
    [(shorthand_property_identifier_pattern) @imported (pair_pattern key: (_) @imported value: (identifier) @alias)])
  value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) @import)
  (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string) @module)) @import

; app.get("/items", handler)
((call_expression
  function: (member_expression object: (_) @_router property: (_) @route.method)
  arguments: (arguments . [(string) (template_string)] @route.path [(identifier) (member_expression)]? @route.handler .)) @route
  (#match? @_router "(?:^|\\.)_?(?:app|api|server|fastify|[a-zA-Z]*[rR]outer|[a-zA-Z]*[rR]outes?)$|^express\\(\\)$|^new Hono\\(\\)$")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "del" "head" "options" "all")
  (#match? @route.path "^.[/*]"))
((call_expression
  function: (member_expression object: (_) @_router property: (_) @route.method)
  arguments: (arguments . [(string) (template_string)] @route.path)) @route
  (#match? @_router "(?:^|\\.)_?(?:app|api|server|fastify|[a-zA-Z]*[rR]outer|[a-zA-Z]*[rR]outes?)$|^express\\(\\)$|^new Hono\\(\\)$")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "del" "head" "options" "all")
  (#match? @route.path "^.[/*]"))

; NestJS: @Controller("items") and @Get(":id")
((decorator (call_expression function: (identifier) @route.method arguments: (arguments . (string)? @route.path))) @route
  (#any-of? @route.method "Get" "Post" "Put" "Patch" "Delete" "Head" "Options" "All")
  (#set! of "next"))
((decorator (call_expression function: (identifier) @_controller arguments: (arguments . (string) @route.prefix)))
  (#eq? @_controller "Controller")
  (#set! of "next"))

; process.env.NAME, process.env["NAME"], import.meta.env.NAME, const { NAME } = process.env
((member_expression object: (member_expression) @_env property: (property_identifier) @key) @config
  (#any-of? @_env "process.env" "import.meta.env"))
((subscript_expression object: (member_expression) @_env index: (string (string_fragment) @key)) @config
  (#any-of? @_env "process.env" "import.meta.env"))
((variable_declarator
  name: (object_pattern
    [
      (shorthand_property_identifier_pattern) @key @config
      (pair_pattern key: (_) @key @config)
      (object_assignment_pattern left: (_) @key @config)
    ])
  value: (member_expression) @_env)
  (#any-of? @_env "process.env" "import.meta.env"))
((call_expression
  function: (member_expression object: (member_expression) @_env property: (_) @_get)
  arguments: (arguments . (string (string_fragment) @key))) @config
  (#eq? @_env "Deno.env")
  (#eq? @_get "get"))
