import VisionSystem
import VisionTensor

/// What a graph may ask for, checked before anything is allocated or computed.
package enum GraphLimits {
  /// Bytes of one value while shapes are inferred: a tebibyte, far more than a machine can run.
  package static let valueBytes = 1 << 40
  /// Elements up to which constant values are worked out while shapes are inferred.
  package static let foldedElements = 4096
  /// Floating-point operations up to which that is done.
  package static let foldedFlops = 1 << 26
  /// Floating-point operations up to which what depends on weights alone is computed once, when a plan is made.
  package static let frozenFlops = 1 << 32
  /// Bytes that a reference may take for each element of its inputs and outputs, beside the tensors themselves: the
  /// number in double precision and its index.
  package static let referenceBytesPerElement = 16

  /// The product of the factors; zeros count as one, and what is too large as the largest number.
  ///
  /// An extent of zero does not hide others: loops over those may run all the same.
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

  /// Bytes that evaluating an operator by its reference may take, its outputs included.
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
  /// The error for a computation that would take more memory than it may.
  package static func memory(_ bytes: Int, limit: Int, place: String? = nil) -> GraphError {
    GraphError(
      .tooLarge,
      "this would take \(MachineMemory.text(bytes)) of memory, more than the \(MachineMemory.text(limit)) allowed",
      place: place, remedy: "use a smaller batch or smaller images, or allow more memory")
  }
}
