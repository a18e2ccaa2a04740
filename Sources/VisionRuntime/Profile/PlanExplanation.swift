public import VisionCompute
import VisionTensor

/// What a plan does, step by step, and what memory it takes.
public struct PlanExplanation: Sendable {
  public let steps: [PlanStep]
  /// The number of parts that the batch is computed in, one after the other, so that the values between steps
  /// stay in the caches.
  public let partCount: Int
  /// The number of steps, at the start of the plan, that are run for each part. Their explanations describe
  /// all parts together, except for `PlanStep.details`.
  public let partSteps: Int
  /// Operators that were written as several nodes and are one in the plan: their names, and how many there are.
  public let recognized: [String: Int]
  /// Nodes of the graph that the plan was made from.
  public let nodeCount: Int
  /// Nodes whose output is a view of existing memory, such as Flatten.
  public let viewCount: Int
  /// Bytes of the one block that holds all activations.
  public let arenaByteCount: Int
  /// Bytes of scratch memory that the kernels share.
  public let scratchByteCount: Int
  /// Bytes of weights and constants, packed and plain.
  public let weightByteCount: Int
  /// Floating-point operations of the graph that the plan was made from.
  public let flops: Int
  public let instructionSet: InstructionSet
  public let threads: Int
}

extension Plan {
  /// Explains the plan as it runs on `threads` threads.
  public func explanation(threads: Int) -> PlanExplanation {
    let steps = explainedSteps
    var plain: [UnsafeRawPointer: Int] = [:]
    for location in self.steps.flatMap(\.locations) {
      if case .frozen(let tensor) = location {
        plain[tensor.storage.base + tensor.byteOffset] = tensor.elementCount * tensor.elementType.byteCount
      }
    }
    return PlanExplanation(
      steps: steps, partCount: partCount, partSteps: partSteps, recognized: recognized, nodeCount: nodeCount,
      viewCount: viewCount,
      arenaByteCount: arenaByteCount,
      scratchByteCount: scratchByteCount(threads: threads),
      weightByteCount: steps.reduce(0) { $0 + $1.weightByteCount } + plain.values.reduce(0, +), flops: flops,
      instructionSet: instructionSet, threads: threads)
  }

  /// The steps in the order of a run.
  package var explainedSteps: [PlanStep] {
    steps.map { step in
      let explanation = instructionSet.kernels.map { step.kernel.explanation(kernels: $0) }
      return PlanStep(
        name: step.name, operatorName: step.operatorName, parts: step.parts, kernelName: step.kernelName,
        algorithm: explanation?.algorithm ?? "", details: explanation?.details ?? "",
        reason: explanation?.reason ?? "", operands: step.operands, results: step.results,
        isInPlace: step.isInPlace, weightByteCount: explanation?.heldBytes ?? 0, flops: step.flops,
        isReference: step.isReference)
    }
  }
}
