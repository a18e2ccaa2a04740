import VisionGraph
import VisionTensor

/// The extents of a graph's outputs, as far as they hold for every batch size, found by inferring shapes for
/// two batch sizes.
struct OnnxOutputShapes {
  /// The extents, by output.
  private(set) var extents: [[OnnxValueInfo.Extent]] = []

  init(_ graph: Graph) {
    let declared = graph.inputs.map { id -> [AxisLength] in
      guard case .input(let dimensions) = graph[id].source else { return [] }
      return dimensions
    }
    let isOpen = declared.contains { $0.contains { $0.isSymbolic } }
    guard isOpen else {
      extents = graph.outputs.map { graph.fact($0.value).shape.map { .fixed($0) } }
      return
    }
    // Other open axes have only one known extent, so extents that may depend on them are declared unknown.
    let othersOpen = declared.contains { $0.dropFirst().contains { $0.isSymbolic } }
    let symbol = declared.compactMap { $0.first?.symbol }.first
    let small = Self.shapes(graph, declared, batch: 2)
    let large = Self.shapes(graph, declared, batch: 3)
    for (index, output) in graph.outputs.enumerated() {
      guard let small = small?[index], let large = large?[index], small.rank == large.rank, let symbol else {
        extents.append(graph.fact(output.value).shape.map { _ in .unknown })
        continue
      }
      extents.append(
        zip(small, large).map { a, b in
          if a == 2 && b == 3 { return .named(symbol) }
          return a == b && !othersOpen ? .fixed(a) : .unknown
        })
    }
  }

  private static func shapes(_ graph: Graph, _ declared: [[AxisLength]], batch: Int) -> [Shape]? {
    var bound: [String: Shape] = [:]
    for (id, dimensions) in zip(graph.inputs, declared) where dimensions.first?.isSymbolic == true {
      var shape = graph.fact(id).shape
      shape[0] = batch
      bound[graph[id].name] = shape
    }
    do {
      let result = try graph.bound(to: bound)
      return result.outputs.map { result.fact($0.value).shape }
    } catch { return nil }
  }
}

extension AxisLength {
  var symbol: String? {
    guard case .symbolic(let name) = self else { return nil }
    return name
  }

  var isSymbolic: Bool { symbol != nil }
}
