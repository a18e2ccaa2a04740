import CVisionKernels
import VisionGraph
import VisionSystem
import VisionTensor

/// Which convolutions, and poolings between them, of a graph are computed together, so that what lies between them stays
/// in the cache.
struct ConvolutionChains {
  /// What a node is.
  enum Role {
    /// A step of its own.
    case none
    /// Computed with the end of its chain.
    case link
    /// The last of a chain; the others by their numbers, in order.
    case end(links: [Int])
  }

  /// A convolution, and whether it multiplies bfloat16; or maxima of the same extents as a depthwise one.
  struct Member {
    var conv: vn_conv
    var isBFloat16 = false
    var isPool = false
  }

  private(set) var roles: [Role]

  /// - Parameters:
  ///   - frozen: for each value whether it does not change between runs.
  init(in graph: Graph, frozen: [Bool], kernels: OpaquePointer, algorithm: ConvolutionAlgorithm) {
    roles = [Role](repeating: .none, count: graph.nodes.count)
    guard algorithm == .automatic else { return }
    var producers: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producers[output.index] = index }
    }
    var consumers: [Int: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for case let input? in node.inputs { consumers[input.index] = index }
    }
    let uses = graph.useCounts
    let outputs = Set(graph.outputs.map(\.value.index))
    let members = graph.nodes.map { node -> Member? in
      let inputs = node.inputs.map { $0.map { graph.fact($0) } }
      if let pool = PoolKernel.convolution(
        of: node.operation, inputs, node.outputs.map { graph.fact($0) })
      {
        return Member(conv: pool, isPool: true)
      }
      guard let fused = node.operation as? FusedConv, node.inputs.count >= 2,
        node.inputs.indices.allSatisfy({ index in
          index == 0 || index == 3 || node.inputs[index].map { frozen[$0.index] } ?? true
        })
      else { return nil }
      let conv = ConvKernel.convolution(of: fused, inputs, graph.fact(node.outputs[0]))
      return conv.map { Member(conv: $0, isBFloat16: fused.operands == .bfloat16) }
    }

    /// The only node that reads the result of another, if both can be members of a chain.
    func next(_ index: Int) -> Int? {
      let value = graph.nodes[index].outputs[0]
      guard uses[value.index] == 1, !outputs.contains(value.index), let consumer = consumers[value.index],
        graph.nodes[consumer].inputs[0] == value, members[consumer] != nil,
        (graph.nodes[index].operation as? FusedConv)?.hasResidual != true
      else { return nil }
      return consumer
    }

    for start in graph.nodes.indices where members[start]?.isPool == false {
      guard case .none = roles[start] else { continue }
      var chain = [start]
      while chain.count < Int(VN_CHAIN_LONGEST), let following = next(chain[chain.count - 1]) {
        guard case .none = roles[following] else { break }
        chain.append(following)
      }
      // The longest one that pays.
      while chain.count > 1 {
        if Self.order(chain.compactMap { members[$0] }, kernels) != VN_CHAIN_APART {
          for link in chain.dropLast() { roles[link] = .link }
          roles[chain[chain.count - 1]] = .end(links: Array(chain.dropLast()))
          break
        }
        chain.removeLast()
      }
    }
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
