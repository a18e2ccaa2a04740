import VisionSystem
import VisionTensor

/// Limits of a graph, checked before anything is allocated or computed.
package enum GraphLimits {
  /// Bytes of one value during shape inference: one tebibyte, far more than a machine can process.
  package static let valueBytes = 1 << 40
  /// Elements up to which constant values are computed during shape inference.
  package static let foldedElements = 4096
  /// Floating-point operations up to which constant values are computed during shape inference.
  package static let foldedFlops = 1 << 26
  /// Floating-point operations up to which values that depend only on weights are computed once, when a plan
  /// is made.
  package static let frozenFlops = 1 << 32
  /// Elements of a value in which a network that runs in stages looks for extents.
  package static let stageElements = 4096
  /// Iterations of all loops of one run together.
  package static let loopIterations = 1 << 20
  /// Tensors in a sequence.
  package static let sequenceLength = 1 << 16
  /// Sub-graphs within one another.
  package static let subgraphDepth = 16
  /// Stages of a network that are kept compiled, and the sets of shapes of each.
  package static let keptStages = 256
  package static let keptStageForms = 8
  /// Bytes that a reference may use for each element of its inputs and outputs, in addition to the tensors:
  /// the number in double precision and its index.
  package static let referenceBytesPerElement = 16

  /// The product of the factors, where zeros count as one; the largest number on overflow.
  ///
  /// Zeros count as one because a zero extent does not bound the work: loops over the other extents may still
  /// run.
  package static func product(_ factors: some Sequence<Int>) -> Int {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(factor, 1))
      if overflow { return Int.max }
      product = next
    }
    return product
  }

  package static func product(_ factors: Int...) -> Int { product(factors) }

  package static func sum(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? Int.max : sum
  }

  /// Bytes that evaluating an operator by its reference may need, including its outputs.
  package static func referenceBytes(_ inputs: [Fact?], _ outputs: [Fact]) -> Int {
    var total = 0
    for case let fact? in inputs {
      total = sum(total, product(fact.shape.elementCount, referenceBytesPerElement))
    }
    for fact in outputs {
      total = sum(total, product(fact.shape.elementCount, referenceBytesPerElement + fact.type.byteCount))
    }
    return total
  }
}

extension GraphError {
  /// The error for a computation that needs more memory than is allowed.
  package static func memory(_ bytes: Int, limit: Int, place: String? = nil) -> GraphError {
    GraphError(
      .tooLarge,
      "this would take \(MachineMemory.text(bytes)) of memory, more than the \(MachineMemory.text(limit)) allowed",
      place: place, remedy: "use a smaller batch or smaller images, or allow more memory")
  }
}
