; Read by engine/code/parse/readMatches.ts. Of patterns that name the same symbol the first counts.
; What is common to JavaScript and TypeScript.

(function_declaration name: (_) @name body: (_) @body) @symbol.function
(generator_function_declaration name: (_) @name body: (_) @body) @symbol.function
(class_declaration name: (_) @name body: (_) @body) @symbol.class
(method_definition name: (_) @name body: (_) @body) @symbol.method

; const f = () => {}, const C = class {}
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @symbol.function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @symbol.class

; { f: () => {} }
(pair
  key: (property_identifier) @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.method

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

; Constants and variables of the file, not those of a function.
(program (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name value: (object) @body) @symbol.constant))
(program (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @symbol.constant))
(program (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @symbol.variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @symbol.variable))
(export_statement
  declaration: (lexical_declaration
    kind: "const"
    (variable_declarator name: (identifier) @name value: (object) @body) @symbol.constant))
(export_statement
  declaration: (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @symbol.constant))
(export_statement
  declaration: (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @symbol.variable))

; export default () => {}, export default { … }
(export_statement
  "default" @name
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @symbol.function
(export_statement "default" @name value: (class body: (_) @body)) @symbol.class
(export_statement "default" @name value: (object) @body) @symbol.constant

(program [(lexical_declaration) (variable_declaration)] @outer)
(export_statement declaration: (lexical_declaration) @outer)
(export_statement decorator: (_)) @decorated
(export_statement declaration: (_)) @exported

(export_statement !source (export_clause (export_specifier name: (_) @export.name)))
(export_statement "default" value: (identifier) @export.name)
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

; describe("…", () => {}), it("…"), test.each(…)("…")
(call_expression
  function: [
    (identifier) @_test
    (member_expression object: (identifier) @_test)
    (call_expression function: (member_expression object: (identifier) @_test))
  ]
  arguments: (arguments . [(string (string_fragment) @name) (template_string (string_fragment) @name)] . [(arrow_function) (function_expression)])
  (#any-of? @_test "describe" "it" "test" "suite" "specify" "context" "bench")) @symbol.test
