(function_call_expression function: [(name) @call (qualified_name (name) @call)])
(member_call_expression object: (_) @receiver name: (name) @call)
(nullsafe_member_call_expression object: (_) @receiver name: (name) @call)
(scoped_call_expression scope: (_) @receiver name: (name) @call)
(object_creation_expression [(name) @call (qualified_name (name) @call)])
(attribute [(name) @call (qualified_name (name) @call)])

; What several patterns say of one import is put together.
(namespace_use_declaration (namespace_name) @module body: (namespace_use_group)) @import
(namespace_use_declaration
  (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause . (name) @imported alias: (name)? @alias))) @import
(namespace_use_clause (qualified_name prefix: (namespace_name) @module (name) @imported) alias: (name)? @alias) @import
(namespace_use_declaration (namespace_use_clause . (name) @module @import))
[
  (include_expression (_) @module)
  (include_once_expression (_) @module)
  (require_expression (_) @module)
  (require_once_expression (_) @module)
] @import

(base_clause [(name) @base (qualified_name (name) @base)])
(class_interface_clause [(name) @base (qualified_name (name) @base)])
(use_declaration [(name) @base (qualified_name (name) @base)])

; Laravel: Route::get("/items", […]); Slim: $app->get("/items", …)
((scoped_call_expression
  scope: (name) @_route
  name: (name) @route.method
  arguments: (arguments . (argument [(string) (encapsed_string)] @route.path) . (argument (_) @route.handler))) @route
  (#eq? @_route "Route")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "options" "any"))
((member_call_expression
  object: (variable_name) @_app
  name: (name) @route.method
  arguments: (arguments . (argument [(string) (encapsed_string)] @route.path) . (argument))) @route
  (#any-of? @_app "$app" "$router" "$routes" "$group" "$r")
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "options" "any"))
; Symfony: #[Route("/items", methods: ["GET"])]
((class_declaration
  attributes: (attribute_list
    (attribute_group (attribute (name) @_route parameters: (arguments . (argument (string) @route.prefix))))))
  (#eq? @_route "Route"))
((method_declaration
  attributes: (attribute_list
    (attribute_group
      (attribute
        (name) @_route
        parameters: (arguments . (argument (string) @route.path) (argument name: (name) @_methods (array_creation_expression . (array_element_initializer (string) @route.method))))) @route)))
  (#eq? @_route "Route")
  (#eq? @_methods "methods"))
((method_declaration
  attributes: (attribute_list
    (attribute_group (attribute (name) @_route parameters: (arguments . (argument (string) @route.path))) @route)))
  (#eq? @_route "Route"))

; getenv("NAME"), env("NAME"), config("name"), $_ENV["NAME"]
((function_call_expression
  function: (name) @_get
  arguments: (arguments . (argument [(string (string_content) @key) (encapsed_string (string_content) @key)]))) @config
  (#any-of? @_get "getenv" "env" "config"))
((subscript_expression (variable_name (name) @_env) [(string (string_content) @key) (encapsed_string (string_content) @key)]) @config
  (#any-of? @_env "_ENV" "_SERVER"))
