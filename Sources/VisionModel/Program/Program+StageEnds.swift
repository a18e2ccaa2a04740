import VisionGraph

extension Program {
  /// A node before which a stage ends, whatever the shapes of the inputs are.
  package struct StageEnd: Sendable {
    /// Why a stage ends.
    package enum Reason: String, Sendable {
      /// The node decides during the run what is computed.
      case control
      /// The node's values are sequences or optionals.
      case sequence
      /// How large its results are follows from data.
      case extents
      /// It needs the elements of an input that follows from data.
      case value
    }

    /// The names of the node and of those whose graphs it lies in, the outermost first.
    package let path: String
    package let operatorName: String
    package let reason: Reason
    /// The number of nodes before it, in its own graph.
    package let position: Int
  }

  /// The number of nodes, those of graphs inside of nodes included.
  package var nodeCount: Int { Self.count(body) }

  private static func count(_ body: ProgramBody) -> Int {
    body.nodes.reduce(body.nodes.count) { sum, node in node.bodies.values.reduce(sum) { $0 + count($1) } }
  }

  /// The ends of stages, in the order of the nodes; a run may have more, where shapes say so.
  package var stageEnds: [StageEnd] {
    var ends: [StageEnd] = []
    Self.add(body, path: "", known: [], &ends)
    return ends
  }

  /// - Parameter outer: the values from around the body that follow from constants and shapes.
  private static func add(
    _ body: ProgramBody, path: String, known outer: Set<String>, _ ends: inout [StageEnd]
  ) {
    var known = outer.union(body.initializers.keys)
    for (index, node) in body.nodes.enumerated() {
      let name = path.isEmpty ? node.name : "\(path)/\(node.name)"
      let inputs = node.inputs.filter { !$0.isEmpty }
      let isKnown = inputs.allSatisfy(known.contains) && node.control == nil
      if let reason = node.stageEnd(known) {
        ends.append(StageEnd(path: name, operatorName: node.operatorName, reason: reason, position: index))
      }
      // The extents of what a stage has computed are known to the next one.
      if isKnown || node.operatorType.map({ $0 == ShapeOf.self || $0 == Size.self }) ?? false {
        known.formUnion(node.outputs)
      }
      for (attribute, inner) in node.bodies.sorted(by: { $0.key < $1.key }) {
        add(inner, path: node.bodies.count > 1 ? "\(name)/\(attribute)" : name, known: known, &ends)
      }
    }
  }
}

extension ProgramNode {
  /// Why a stage ends before the node; nil where it need not.
  ///
  /// - Parameter known: the values that follow from constants and shapes.
  fileprivate func stageEnd(_ known: Set<String>) -> Program.StageEnd.Reason? {
    if let control {
      if control == .condition, inputs.allSatisfy(known.contains) { return nil }
      return control.graphAttributes.isEmpty ? .sequence : .control
    }
    let isKnown = inputs.allSatisfy { $0.isEmpty || known.contains($0) }
    if operatorType is any DataDependentOperator.Type { return isKnown ? nil : .extents }
    guard let operatorType, Self.shaped.contains(where: { $0 == operatorType }) else { return nil }
    // Without a list of its own, an operator takes extents or axes behind its data.
    let declared = operatorType.constantInputs
    let needed = inputs.indices.filter { declared.isEmpty ? $0 > 0 : declared.contains($0) }
    return needed.allSatisfy { inputs[$0].isEmpty || known.contains(inputs[$0]) } ? nil : .value
  }

  /// Operators that take extents, positions or axes as inputs.
  private static let shaped: [any FileOperator.Type] = [
    Reshape.self, Expand.self, Slice.self, Tile.self, Pad.self, Resize.self, Upsample.self,
    ConstantOfShape.self, RangeOf.self, OneHot.self, TopK.self, Split.self, Squeeze.self, Unsqueeze.self,
    ReduceSum.self,
  ]
}
