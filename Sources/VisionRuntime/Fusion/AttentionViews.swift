import VisionGraph
import VisionTensor

/// Lets attention read its queries, keys and values where a dense layer wrote them, and write its results where the next one
/// reads them, so that what only moves elements in between copies nothing.
struct AttentionViews: FusionPass {
  func run(_ draft: inout StepDraft, _ machine: Machine) {
    for index in draft.graph.nodes.indices
    where draft.graph.nodes[index].operation is ScaledDotProductAttention && Self.isFree(index, draft) {
      let nodes = (Self.before(index, draft) + [index] + Self.after(index, draft)).sorted()
      guard let last = nodes.last, nodes.count > 1 else { continue }
      for node in nodes where node != last { draft.groups[node] = nil }
      draft.groups[last]?.nodes = nodes
    }
  }

  /// Whether a node is a step of its own, outside of the parts of a batch.
  private static func isFree(_ index: Int, _ draft: StepDraft) -> Bool {
    guard let group = draft.groups[index] else { return false }
    return group.nodes.count == 1 && !group.isAlias && group.normalization == nil && index >= draft.partNodes
      && draft.graph.nodes[index].outputs.allSatisfy {
        draft[$0].home == .own && draft[$0].pitch == nil && !draft[$0].isHalf
      }
  }

  private static func isMovement(_ index: Int, _ draft: StepDraft) -> Bool {
    isFree(index, draft) && StridedView.isMovement(draft.graph.nodes[index].operation)
  }

  // MARK: Operands

  /// The nodes through which queries, keys and values can be read.
  private static func before(_ index: Int, _ draft: StepDraft) -> [Int] {
    let node = draft.graph.nodes[index]
    let chains = node.inputs.prefix(3).map { upstream(of: $0, draft) }
    var allowed = Set(chains.joined())
    while true {
      let inside = closed(allowed, index, draft)
      let used = chains.map { chain in Array(chain.prefix { inside.contains($0) }) }
      // What the kernel cannot read with a node is read without it.
      guard let wrong = used.indices.first(where: { !canRead(node, $0, through: used[$0], draft) }),
        let farthest = used[wrong].last
      else { return Array(Set(used.joined())) }
      allowed.remove(farthest)
    }
  }

  /// The nodes that only move elements on the way to a value, the nearest first.
  private static func upstream(of value: ValueID?, _ draft: StepDraft) -> [Int] {
    var chain: [Int] = []
    var value = value
    while let current = value, let index = draft.producer(of: current), isMovement(index, draft) {
      chain.append(index)
      value = draft.graph.nodes[index].inputs[0]
    }
    return chain
  }

  /// Those of some nodes whose results only each other and the attention read.
  private static func closed(_ nodes: Set<Int>, _ index: Int, _ draft: StepDraft) -> Set<Int> {
    var inside = nodes
    var isClosed = false
    while !isClosed {
      let open = inside.filter { node in
        draft.graph.nodes[node].outputs.contains { value in
          draft.isOutput[value.index]
            || !draft.readers[value.index].allSatisfy {
              $0.node == index ? $0.position < 3 : $0.position == 0 && inside.contains($0.node)
            }
        }
      }
      inside.subtract(open)
      isClosed = open.isEmpty
    }
    return inside
  }

  private static func canRead(
    _ node: Graph.Node, _ operand: Int, through chain: [Int], _ draft: StepDraft
  ) -> Bool {
    guard let value = node.inputs[operand], let op = node.operation as? ScaledDotProductAttention else {
      return false
    }
    var values = MovedValues()
    for index in chain {
      let node = draft.graph.nodes[index]
      values.add(node, draft.graph.inputFacts(of: node), node.outputs.map { draft.graph.fact($0) })
    }
    return values.view(of: value, draft.graph.fact(value), layout: .rowMajor)
      .map { AttentionKernel.canRead($0, operand, op) } ?? false
  }

  // MARK: The result

  /// The nodes behind attention up to a permutation of axes, if results can be written in its order.
  private static func after(_ index: Int, _ draft: StepDraft) -> [Int] {
    var chain: [Int] = []
    var value = draft.result(of: index)
    while let reader = draft.onlyReader(of: value), reader.position == 0, isMovement(reader.node, draft) {
      let node = draft.graph.nodes[reader.node]
      guard node.operation is Reshape || node.operation is Transpose else { return [] }
      chain.append(reader.node)
      if node.operation is Transpose { break }
      value = node.outputs[0]
    }
    let nodes = chain.map { draft.graph.nodes[$0] }
    guard nodes.last?.operation is Transpose,
      let view = AttentionKernel.result(nodes.map { ($0, draft.graph.inputFacts(of: $0)) }, draft.graph.fact),
      view.hasRows
    else { return [] }
    return chain
  }
}
