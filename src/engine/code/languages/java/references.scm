(method_invocation !object name: (_) @call)
(method_invocation object: (_) @receiver name: (_) @call)
(object_creation_expression
  type: [
    (type_identifier) @call
    (generic_type [(type_identifier) @call (scoped_type_identifier (type_identifier) @call .)])
    (scoped_type_identifier (type_identifier) @call .)
  ])
(method_reference (_) @receiver (identifier) @call .)
[(marker_annotation name: (identifier) @call) (annotation name: (identifier) @call)]

(import_declaration (scoped_identifier scope: (_) @module name: (_) @imported) .) @import
(import_declaration (_) @module (asterisk) @wildcard) @import

(superclass [(type_identifier) @base (generic_type (type_identifier) @base) (scoped_type_identifier (type_identifier) @base .)])
(type_list [(type_identifier) @base (generic_type (type_identifier) @base) (scoped_type_identifier (type_identifier) @base .)])

; Spring: @GetMapping("/{id}"), @RequestMapping(path = "/x", method = RequestMethod.PUT); JAX-RS: @Path("/x")
((class_declaration
  (modifiers
    (annotation
      name: (identifier) @_mapping
      arguments: (annotation_argument_list
        [(string_literal) @route.prefix (element_value_pair value: (string_literal) @route.prefix)]))))
  (#any-of? @_mapping "RequestMapping" "Path"))
((method_declaration
  (modifiers
    (annotation
      name: (identifier) @_mapping
      arguments: (annotation_argument_list
        (element_value_pair key: (identifier) @_path value: (string_literal) @route.path)
        (element_value_pair key: (identifier) @_method value: (_) @route.method))) @route))
  (#eq? @_mapping "RequestMapping")
  (#any-of? @_path "path" "value")
  (#eq? @_method "method"))
((method_declaration
  (modifiers
    (annotation
      name: (identifier) @route.method
      arguments: (annotation_argument_list
        [(string_literal) @route.path (element_value_pair key: (identifier) @_path value: (string_literal) @route.path)])) @route))
  (#match? @route.method "^(?:Get|Post|Put|Patch|Delete|Request)Mapping$")
  (#not-any-of? @_path "consumes" "produces" "name" "params" "headers"))
((method_declaration (modifiers (marker_annotation name: (identifier) @route.method) @route))
  (#match? @route.method "^(?:Get|Post|Put|Patch|Delete|Request)Mapping$"))
((method_declaration
  (modifiers
    (marker_annotation name: (identifier) @route.method)
    (annotation name: (identifier) @_path arguments: (annotation_argument_list (string_literal) @route.path)) @route))
  (#any-of? @route.method "GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS")
  (#eq? @_path "Path"))

; System.getenv("NAME"), @Value("${name}")
((method_invocation
  object: (identifier) @_system
  name: (identifier) @_get
  arguments: (argument_list . (string_literal (string_fragment) @key))) @config
  (#any-of? @_system "System" "env" "environment" "Integer" "Boolean")
  (#any-of? @_get "getenv" "getProperty" "getRequiredProperty" "getInteger" "getBoolean"))
((annotation name: (identifier) @_value arguments: (annotation_argument_list (string_literal (string_fragment) @key))) @config
  (#eq? @_value "Value")
  (#match? @key "^\\$\\{"))
