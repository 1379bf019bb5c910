; Of patterns that name the same symbol the first counts.

(module name: (_) @name body: (_)? @body) @symbol.module
(class name: (_) @name superclass: (_) body: (_)? @body) @symbol.class
(class name: (_) @name body: (_)? @body) @symbol.class
(method name: (_) @name body: (_)? @body) @symbol.method
(singleton_method name: (_) @name body: (_)? @body) @symbol.method
(program (method name: (_) @name body: (_)? @body) @symbol.function)
(alias name: (_) @name) @symbol.method

; Point = Struct.new(:x)
((assignment
  left: (constant) @name
  right: (call receiver: (constant) @_struct method: (identifier) @_new)) @symbol.class
  (#any-of? @_struct "Struct" "Data" "Class")
  (#any-of? @_new "new" "define"))
(assignment left: (constant) @name) @symbol.constant

; attr_reader :items
((call method: (identifier) @_attribute arguments: (argument_list (simple_symbol) @name @symbol.field))
  (#any-of? @_attribute "attr_reader" "attr_writer" "attr_accessor" "attribute" "has_many" "has_one" "belongs_to"))
; scope :open, -> { … }; define_method(:name) { … }
((call method: (identifier) @_define arguments: (argument_list . (simple_symbol) @name)) @symbol.method
  (#any-of? @_define "scope" "define_method"))

; describe "a cart" do, it "adds" do, RSpec.describe Cart do, test "adds" do
((call
  method: (identifier) @_test
  arguments: (argument_list . [(string (string_content) @name) (constant) @name (scope_resolution) @name])
  block: (_)) @symbol.test
  (#any-of? @_test "describe" "context" "it" "specify" "feature" "scenario" "test" "should"))
