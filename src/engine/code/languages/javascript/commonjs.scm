;; where \brequire\b|\bexports\b|\bprototype\b
; Asked before symbols.scm: what is ignored here would be a constant there.

; module.exports = function f() {}, exports.f = function () {}, Type.prototype.f = function () {}
(assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @container property: (property_identifier) @_prototype)
    property: (property_identifier) @name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]
  (#eq? @_prototype "prototype")) @symbol.method
((assignment_expression
  left: (member_expression object: (identifier) @_exports property: (property_identifier) @name @export.name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.function
  (#eq? @_exports "exports"))
(assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
    property: (property_identifier) @name @export.name)
  right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]
  (#eq? @_module "module")
  (#eq? @_exports "exports")) @symbol.function

; const x = require("x") is an import.
((variable_declarator name: (identifier) @name value: (call_expression function: (identifier) @_require)) @ignored
  (#eq? @_require "require"))

((assignment_expression
  left: (member_expression object: (identifier) @_exports)
  right: (identifier) @export.name)
  (#eq? @_exports "exports"))
(assignment_expression
  left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports)
  right: [
    (identifier) @export.name
    (object [(shorthand_property_identifier) @export.name (pair value: (identifier) @export.name)])
  ]
  (#eq? @_module "module")
  (#eq? @_exports "exports"))

; What several patterns say of one import is put together.
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
