import CVisionKernels
import VisionSystem
import VisionTensor
package import VisionGraph

/// Attention, some queries of a head at a time, whose scores stay in the caches.
struct AttentionKernel: Kernel {
  private let attention: vn_attention
  private let heads: [vn_attention_head]
  private let hasBias: Bool
  private let hasMask: Bool

  static func choose(_ op: ScaledDotProductAttention, _ context: NodeContext) -> KernelChoice? {
    choose(op, context, [context])
  }

  /// The kernel for attention and the nodes around it that only move elements (`AttentionViews`).
  static func choose(_ contexts: [NodeContext]) -> KernelChoice? {
    for context in contexts {
      if let op = context.node.operation as? ScaledDotProductAttention {
        return choose(op, context, contexts)
      }
    }
    return nil
  }

  private static func choose(
    _ op: ScaledDotProductAttention, _ context: NodeContext, _ group: [NodeContext]
  ) -> KernelChoice? {
    guard let form = try? op.form(context.inputs), context.inputs[0]?.type == .float32,
      context.outputs[0].shape.elementCount > 0, form.keys > 0, form.depth > 0
    else { return nil }
    var values = MovedValues()
    for part in group where part.node.outputs[0] < context.node.outputs[0] {
      values.add(part.node, part.inputs, part.outputs)
    }
    let behind = group.filter { $0.node.outputs[0] > context.node.outputs[0] }
    let facts = Dictionary(
      group.flatMap { zip($0.node.outputs, $0.outputs) }, uniquingKeysWith: { first, _ in first })
    guard
      let y = behind.isEmpty
        ? StridedView(context.outputs[0].shape, .rowMajor)
        : result(behind.map { ($0.node, $0.inputs) }, { facts[$0] ?? context.outputs[0] })
    else { return nil }
    let read = group.flatMap { part in part.node.inputs.indices.map { (part, $0) } }
    var operands: [(input: Int, layout: Layout)] = []
    var views: [StridedView] = []
    for operand in 0..<3 {
      guard let value = context.node.inputs[operand],
        let input = read.firstIndex(where: { $0.node.inputs[$1] == values.root(of: value) })
      else { return nil }
      let layouts = [read[input].0.layouts[read[input].1], .rowMajor]
      let choices = layouts.compactMap { layout in
        values.view(of: value, context.inputs[operand], layout: layout).map { (layout, $0) }
      }
      guard let (layout, view) = choices.first(where: { canRead($1, operand, op) }) else { return nil }
      operands.append((input, layout))
      views.append(view)
    }
    let added = [3, 4].map { context.isAbsent($0) ? nil : context.inputs[$0]?.shape }
    for (index, shape) in zip([3, 4], added) where shape != nil {
      guard
        let input = read.firstIndex(where: {
          $0.node.outputs[0] == context.node.outputs[0] && $1 == index
        })
      else { return nil }
      operands.append((input, .rowMajor))
    }
    let strides = added.map { $0.map { Strides.broadcast($0, .rowMajor, to: form.scores) } }
    let kernel = AttentionKernel(op, form, views + [y], bias: strides[0], mask: strides[1])
    return KernelChoice(kernel: kernel, operands: operands, outputLayout: .rowMajor, name: "attention")
  }

  /// Whether the kernel can read an operand (queries, keys and values) as a view.
  static func canRead(_ view: StridedView, _ operand: Int, _ op: ScaledDotProductAttention) -> Bool {
    operand == 1 ? view.hasRows || view.transposed(swapped(view)).hasRows : view.hasRows
  }

  private static func swapped(_ view: StridedView) -> [Int] {
    var order = Array(view.shape.indices)
    order.swapAt(order.count - 1, order.count - 2)
    return order
  }

  /// Attention's result as a view of that of the last of the nodes behind it, reshapes and permutations.
  static func result(_ behind: [(node: Graph.Node, inputs: [Fact?])], _ fact: (ValueID) -> Fact)
    -> StridedView?
  {
    guard let last = behind.last else { return nil }
    var view: StridedView? = StridedView(fact(last.node.outputs[0]).shape, .rowMajor)
    for (node, inputs) in behind.reversed() {
      if let op = node.operation as? Transpose {
        view = view?.beforeTransposition(op.permutation)
      } else {
        view = inputs[0].flatMap { view?.reshaped(to: $0.shape.dimensions) }
      }
    }
    return view
  }

  /// - Parameters:
  ///   - views: queries, keys, values and results.
  ///   - bias: its strides, broadcast to the scores; nil without one.
  private init(
    _ op: ScaledDotProductAttention, _ form: ScaledDotProductAttention.Form, _ views: [StridedView],
    bias: [Int]?, mask: [Int]?
  ) {
    var attention = vn_attention()
    attention.heads = form.batch.elementCount
    (attention.queries, attention.keys) = (form.queries, form.keys)
    (attention.depth, attention.width) = (form.depth, form.width)
    let rows = views.map { Int64($0.strides[$0.strides.count - 2]) }
    (attention.q_row, attention.k_row, attention.v_row, attention.y_row) = (
      rows[0], rows[1], rows[2], rows[3]
    )
    attention.k_column = Int64(views[1].strides[views[1].strides.count - 1])
    if op.hasKeysInColumns { swap(&attention.k_row, &attention.k_column) }
    // Along an axis of one element any stride is right.
    if attention.k_row != 1, attention.k_column != 1 {
      if form.keys == 1 { attention.k_row = 1 } else { attention.k_column = 1 }
    }
    (attention.bias_row, attention.bias_column) = Self.ends(bias)
    (attention.mask_row, attention.mask_column) = Self.ends(mask)
    (attention.scale, attention.zeros_for_nan) = (op.scale, op.givesZerosForNaN)
    func starts(_ strides: [Int]?, _ offset: Int = 0) -> [Int] {
      let steps = strides.map { Array($0.dropLast(2)) } ?? form.batch.map { _ in 0 }
      return Reference.indices(form.batch, steps: steps, start: offset)
    }
    let places = views.map { starts($0.strides, $0.offset) }
    let (biases, masks) = (starts(bias), starts(mask))
    self.attention = attention
    heads = biases.indices.map { head in
      vn_attention_head(
        q: Int64(places[0][head]), k: Int64(places[1][head]), v: Int64(places[2][head]),
        y: Int64(places[3][head]), bias: Int64(biases[head]), mask: Int64(masks[head]))
    }
    (hasBias, hasMask) = (bias != nil, mask != nil)
  }

  private static func ends(_ strides: [Int]?) -> (row: Int64, column: Int64) {
    strides.map { (Int64($0[$0.count - 2]), Int64($0[$0.count - 1])) } ?? (0, 0)
  }

  func scratchFloats(kernels: OpaquePointer, threads: Int) -> Int {
    withUnsafePointer(to: attention) { vn_attention_scratch_floats(kernels, $0, Int32(threads)) }
  }

  func explanation(kernels: OpaquePointer) -> KernelExplanation {
    KernelExplanation(
      algorithm: "head by head",
      details: "\(attention.heads) heads, \(attention.queries) × \(attention.keys) scores, sums of "
        + "\(attention.depth) and \(attention.keys)",
      reason: "the scores of some queries stay in the caches, and operands are read where they are")
  }

  func run(_ context: borrowing KernelContext) {
    var attention = attention
    let mask = hasMask ? UnsafePointer(context.floats(hasBias ? 4 : 3)) : nil
    vn_attention_run(
      context.kernels, &attention, heads, context.floats(0), context.floats(1), context.floats(2),
      hasBias ? UnsafePointer(context.floats(3)) : nil, mask,
      context.floats(3 + (hasBias ? 1 : 0) + (hasMask ? 1 : 0)), context.scratch, context.pool)
  }
}

extension ScaledDotProductAttention: KernelOperator {
  package func kernel(_ context: NodeContext) -> KernelChoice? { AttentionKernel.choose(self, context) }
}
