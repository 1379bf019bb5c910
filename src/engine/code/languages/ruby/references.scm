(call !receiver method: (identifier) @call)
((call receiver: (_) @receiver method: [(identifier) @call (constant) @call]) (#not-eq? @call "new"))
; Cart.new calls Cart, as in other languages.
((call
  receiver: [(constant) @call (scope_resolution scope: (_)? @receiver name: (constant) @call)]
  method: (identifier) @_new)
  (#eq? @_new "new"))

((call !receiver method: (identifier) @_require arguments: (argument_list . (string (string_content) @module))) @import
  (#any-of? @_require "require" "require_relative" "load" "gem"))
((call !receiver method: (identifier) @_autoload arguments: (argument_list . (simple_symbol) @imported . (string (string_content) @module))) @import
  (#eq? @_autoload "autoload"))

(superclass [(constant) @base (scope_resolution name: (_) @base)])
((call
  !receiver
  method: (identifier) @_include
  arguments: (argument_list [(constant) @base (scope_resolution name: (_) @base)]))
  (#any-of? @_include "include" "extend" "prepend"))

; Rails: get "/items", to: "items#index"; Sinatra: get "/items" do
((call
  !receiver
  method: (identifier) @route.method
  arguments: (argument_list
    .
    (string) @route.path
    (pair key: (hash_key_symbol) @_to value: (string (string_content) @route.handler)))) @route
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "match")
  (#eq? @_to "to"))
((call
  !receiver
  method: (identifier) @route.method
  arguments: (argument_list . (pair key: (string) @route.path value: (string (string_content) @route.handler)))) @route
  (#any-of? @route.method "get" "post" "put" "patch" "delete" "match"))
((call !receiver method: (identifier) @route.method arguments: (argument_list . (string) @route.path) block: (_)) @route
  (#any-of? @route.method "get" "post" "put" "patch" "delete")
  (#match? @route.path "^./"))

; ENV["NAME"], ENV.fetch("NAME")
((element_reference object: (constant) @_env (string (string_content) @key)) @config (#eq? @_env "ENV"))
((call receiver: (constant) @_env method: (identifier) @_fetch arguments: (argument_list . (string (string_content) @key))) @config
  (#eq? @_env "ENV")
  (#any-of? @_fetch "fetch" "key?" "dig"))
