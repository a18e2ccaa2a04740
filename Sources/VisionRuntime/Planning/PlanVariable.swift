import VisionCompute
import CVisionKernels
package import VisionGraph
package import VisionTensor

extension Plan {
  /// A parameter that changes between runs, with its place and layout in the memory of the variables.
  package struct Variable: Sendable {
    package let name: String
    package let fact: Fact
    let id: ValueID
    let layout: Layout
    /// In floats from the start; a multiple of 16.
    package let offset: Int
    /// In floats; more than the number of elements where packed weights are padded with zeros.
    package let count: Int

    /// Lays out the parameters with the given names. Weights that a convolution reads are packed for it.
    static func layout(_ names: Set<String>, in graph: Graph, kernels: OpaquePointer) -> [Variable] {
      var groups: [ValueID: Int] = [:]
      for node in graph.nodes {
        let conv = (node.operation as? FusedConv)?.conv ?? node.operation as? Conv
        guard let conv, node.inputs.count > 1, let weights = node.inputs[1],
          graph.fact(weights).shape.rank == 4, groups[weights] == nil
        else { continue }
        groups[weights] = conv.groups
      }
      var offset = 0
      var result: [Variable] = []
      for (id, name, fact, _) in graph.parameters where names.contains(name) {
        var (layout, count) = (Layout.rowMajor, fact.shape.elementCount)
        if let groups = groups[id] {
          layout = .filters(groups: groups)
          count = FilterConversion.floats(fact.shape, groups: groups, kernels)
        }
        result.append(
          Variable(name: name, fact: fact, id: id, layout: layout, offset: offset, count: count))
        offset += (count + 15) / 16 * 16
      }
      return result
    }
  }

  /// The size of all variables together, in floats.
  package var variableFloats: Int { variables.last.map { ($0.offset + $0.count + 15) / 16 * 16 } ?? 0 }

  /// The variables, in the order of the graph.
  package var variableList: [Variable] { variables }

  /// Writes a tensor to the place of a variable in `memory`, in its layout.
  ///
  /// Precondition: the tensor is float32 of the variable's shape.
  package func store(_ tensor: Tensor, as variable: Variable, in memory: UnsafeMutablePointer<Float>) {
    precondition(tensor.elementType == .float32 && tensor.shape == variable.fact.shape)
    let target = memory + variable.offset
    tensor.withAlignedFloats { source in
      if case .filters(let groups) = variable.layout, let kernels = instructionSet.kernels {
        FilterConversion.pack(variable.fact.shape, groups: groups, kernels, source, target)
      } else {
        target.update(from: source, count: variable.count)
      }
    }
  }

  /// The tensor at the place of a variable in `memory`.
  package func load(_ variable: Variable, from memory: UnsafePointer<Float>) -> Tensor {
    Tensor(elementType: .float32, shape: variable.fact.shape) { bytes in
      let target = bytes.bindMemory(to: Float.self)
      guard let base = target.baseAddress else { return }
      let source = memory + variable.offset
      if case .filters(let groups) = variable.layout, let kernels = instructionSet.kernels {
        FilterConversion.unpack(variable.fact.shape, groups: groups, kernels, source, base)
      } else {
        base.update(from: source, count: variable.count)
      }
    }
  }
}
