import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Computes successive convolutions, and poolings between them, together, so that intermediate results stay
/// in the cache.
struct ConvolutionChains: FusionPass {
  /// A convolution, or a maximum pooling described as a depthwise convolution of the same extents.
  struct Member {
    var conv: vn_conv
    var isBFloat16 = false
    var isPool = false
  }

  func run(_ draft: inout StepDraft, _ machine: Machine) {
    guard machine.convolutions == .automatic else { return }
    let members = draft.graph.nodes.map { Self.member($0, draft) }
    for start in draft.graph.nodes.indices where members[start]?.isPool == false {
      guard draft.groups[start]?.nodes.count == 1 else { continue }
      var chain = [start]
      while chain.count < Int(VN_CHAIN_LONGEST),
        let following = Self.next(chain[chain.count - 1], draft, members)
      {
        chain.append(following)
      }
      // The longest chain that is faster than separate steps.
      while chain.count > 1, Self.order(chain.compactMap { members[$0] }, machine.kernels) == VN_CHAIN_APART {
        chain.removeLast()
      }
      for link in chain.dropLast() { draft.groups[link] = nil }
      draft.groups[chain[chain.count - 1]]?.nodes = chain
    }
  }

  /// A node as a part of a chain: a pooling, or a convolution whose weights and bias do not change.
  private static func member(_ node: Graph.Node, _ draft: StepDraft) -> Member? {
    let graph = draft.graph
    if let pool = PoolKernel.convolution(
      of: node.operation, graph.inputFacts(of: node), node.outputs.map { graph.fact($0) })
    {
      return Member(conv: pool, isPool: true)
    }
    guard let fused = node.operation as? FusedConv, node.inputs.count >= 2,
      node.inputs.indices.allSatisfy({ index in
        index == 0 || index == 3 || node.inputs[index].map { draft.isConstant[$0.index] } ?? true
      })
    else { return nil }
    return ConvKernel.convolution(of: node, in: graph).map {
      Member(conv: $0, isBFloat16: fused.operands == .bfloat16)
    }
  }

  /// The only node that reads the result of another, if both can be members of a chain.
  private static func next(_ index: Int, _ draft: StepDraft, _ members: [Member?]) -> Int? {
    guard let reader = draft.onlyReader(of: draft.result(of: index)), reader.position == 0,
      members[reader.node] != nil, draft.groups[reader.node]?.nodes.count == 1,
      (draft.graph.nodes[index].operation as? FusedConv)?.hasResidual != true
    else { return nil }
    return reader.node
  }

  /// The order in which these convolutions are computed together.
  static func order(_ members: [Member], _ kernels: OpaquePointer) -> vn_chain_order {
    var chain = Self.chain(members)
    return vn_chain_order_of(kernels, &chain)
  }

  static func chain(_ members: [Member]) -> vn_chain {
    var chain = vn_chain()
    chain.count = Int32(members.count)
    withUnsafeMutablePointer(to: &chain.conv) { tuple in
      tuple.withMemoryRebound(to: vn_conv.self, capacity: Int(VN_CHAIN_LONGEST)) { target in
        for (index, member) in members.enumerated() { target[index] = member.conv }
      }
    }
    withUnsafeMutablePointer(to: &chain.pairs) { tuple in
      tuple.withMemoryRebound(to: Bool.self, capacity: Int(VN_CHAIN_LONGEST)) { target in
        for (index, member) in members.enumerated() { target[index] = member.isBFloat16 }
      }
    }
    withUnsafeMutablePointer(to: &chain.pools) { tuple in
      tuple.withMemoryRebound(to: Bool.self, capacity: Int(VN_CHAIN_LONGEST)) { target in
        for (index, member) in members.enumerated() { target[index] = member.isPool }
      }
    }
    return chain
  }
}
