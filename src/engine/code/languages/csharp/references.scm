(invocation_expression function: [(identifier) @call (generic_name (identifier) @call)])
(invocation_expression
  function: (member_access_expression
    expression: _ @receiver
    name: [(identifier) @call (generic_name (identifier) @call)]))
(invocation_expression
  function: (conditional_access_expression
    condition: (_) @receiver
    (member_binding_expression name: [(identifier) @call (generic_name (identifier) @call)])))
(object_creation_expression
  type: [
    (identifier) @call
    (generic_name (identifier) @call)
    (qualified_name qualifier: (_) @receiver name: [(identifier) @call (generic_name (identifier) @call)])
  ])
(attribute name: (identifier) @call)

(using_directive !name . (_) @module) @import
(using_directive name: (_) @namespace (_) @module .) @import

(base_list
  [
    (identifier) @base
    (generic_name (identifier) @base)
    (qualified_name name: [(identifier) @base (generic_name (identifier) @base)])
    (primary_constructor_base_type type: [(identifier) @base (generic_name (identifier) @base)])
  ])

; ASP.NET: [Route("api/[controller]")], [HttpGet("{id}")], app.MapGet("/items", Handler)
((class_declaration
  (attribute_list
    (attribute name: (identifier) @_route (attribute_argument_list . (attribute_argument (string_literal) @route.prefix)))))
  (#eq? @_route "Route"))
((method_declaration
  (attribute_list
    (attribute name: (identifier) @route.method (attribute_argument_list . (attribute_argument (string_literal) @route.path))) @route))
  (#match? @route.method "^Http(?:Get|Post|Put|Patch|Delete|Head|Options)$"))
((method_declaration (attribute_list (attribute name: (identifier) @route.method) @route))
  (#match? @route.method "^Http(?:Get|Post|Put|Patch|Delete|Head|Options)$"))
((invocation_expression
  function: (member_access_expression name: (identifier) @route.method)
  arguments: (argument_list
    .
    (argument (string_literal) @route.path)
    .
    (argument [(identifier) @route.handler (member_access_expression) @route.handler (_)]))) @route
  (#match? @route.method "^Map(?:Get|Post|Put|Patch|Delete)$"))

; Environment.GetEnvironmentVariable("NAME"), configuration["Section:Name"], configuration.GetValue<int>("Name")
((invocation_expression
  function: (member_access_expression expression: (_) @_environment name: (identifier) @_get)
  arguments: (argument_list . (argument (string_literal (string_literal_content) @key)))) @config
  (#eq? @_get "GetEnvironmentVariable"))
((element_access_expression
  expression: (_) @_configuration
  subscript: (bracketed_argument_list . (argument (string_literal (string_literal_content) @key)))) @config
  (#match? @_configuration "(?:^|\\.)_?[cC]onfig(?:uration)?$"))
((invocation_expression
  function: (member_access_expression
    expression: (_) @_configuration
    name: [(identifier) @_get (generic_name (identifier) @_get)])
  arguments: (argument_list . (argument (string_literal (string_literal_content) @key)))) @config
  (#match? @_configuration "(?:^|\\.)_?[cC]onfig(?:uration)?$")
  (#any-of? @_get "GetValue" "GetSection" "GetConnectionString"))
