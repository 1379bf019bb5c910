(call function: (identifier) @call)
(call function: (attribute object: (_) @receiver attribute: (_) @call))
(decorator (identifier) @call)
(decorator (attribute object: (_) @receiver attribute: (_) @call))

(import_statement name: (dotted_name) @module @import)
(import_statement name: (aliased_import name: (_) @module alias: (_) @namespace) @import)
; What several patterns say of one import is put together.
(import_from_statement module_name: (_) @module name: (dotted_name) @imported) @import
(import_from_statement module_name: (_) @module name: (aliased_import name: (_) @imported alias: (_) @alias)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @wildcard) @import

(class_definition
  superclasses: (argument_list
    [
      (identifier) @base
      (attribute attribute: (_) @base)
      (subscript value: [(identifier) @base (attribute attribute: (_) @base)])
      (call function: (identifier) @base)
    ]))

; Flask: @app.route("/items", methods=["POST"]); FastAPI: @router.get("/items")
((decorator
  (call
    function: (attribute attribute: (_) @_route)
    arguments: (argument_list
      .
      (string) @route.path
      (keyword_argument name: (identifier) @_methods value: (_ . (string) @route.method))))) @route
  (#eq? @_route "route")
  (#eq? @_methods "methods")
  (#set! of "next"))
((decorator (call function: (attribute attribute: (_) @_route) arguments: (argument_list . (string) @route.path))) @route
  (#eq? @_route "route")
  (#set! of "next")
  (#set! method "GET"))
((decorator (call function: (attribute attribute: (_) @route.method) arguments: (argument_list . (string) @route.path))) @route
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "head" "options" "websocket")
  (#match? @route.path "^[a-z]*.(?:/|['\"]$)")
  (#set! of "next"))
; Django: path("items/", views.items)
((call
  function: (identifier) @_path
  arguments: (argument_list . (string) @route.path . [(identifier) (attribute) (call)] @route.handler)) @route
  (#any-of? @_path "path" "re_path"))

; os.environ["NAME"], os.environ.get("NAME"), os.getenv("NAME")
((subscript value: (_) @_environ subscript: (string (string_content) @key)) @config (#any-of? @_environ "os.environ" "environ"))
((call
  function: (attribute object: (_) @_environ attribute: (_) @_get)
  arguments: (argument_list . (string (string_content) @key))) @config
  (#any-of? @_environ "os.environ" "environ" "env")
  (#any-of? @_get "get" "setdefault" "pop" "str" "int" "bool" "list"))
((call
  function: [(identifier) @_getenv (attribute attribute: (_) @_getenv)]
  arguments: (argument_list . (string (string_content) @key))) @config
  (#eq? @_getenv "getenv"))
