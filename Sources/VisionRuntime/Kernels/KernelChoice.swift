/// What a kernel maker decides for one node.
package struct KernelChoice {
  /// The computation; nil when the output is the first operand's memory under another shape.
  var kernel: (any Kernel)?
  /// The node inputs that the kernel reads at run time, and the layout it wants each in.
  var operands: [(input: Int, layout: Layout)]
  /// The layout of every output.
  var outputLayout: Layout
  /// That of the outputs behind the first, where it is another.
  var laterLayout: Layout?
  /// Whether output 0 may overwrite operand 0, which has the same size, when nobody reads that later.
  var worksInPlace = false
  /// What the report calls the kernel.
  var name: String
  /// Whether this is the operator's reference.
  var isReference = false

  func layout(ofOutput index: Int) -> Layout { index == 0 ? outputLayout : laterLayout ?? outputLayout }

  static func view(layout: Layout, as output: Layout, name: String) -> KernelChoice {
    KernelChoice(kernel: nil, operands: [(0, layout)], outputLayout: output, name: name)
  }
}
