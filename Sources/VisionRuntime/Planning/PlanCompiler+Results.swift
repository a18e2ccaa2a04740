import VisionGraph

/// What is made of steps and buffers in the end.
extension PlanCompiler {
  struct PendingStep {
    let name: String
    let operatorName: String
    let choice: KernelChoice
    let kernel: any Kernel
    let buffers: [Int]
    let flops: Int
    /// The operators that the node stands for.
    let parts: [String]
    /// What the kernel reads at run time, then what it writes.
    let operands: [PlanValue]
    let results: [PlanValue]
    let isInPlace: Bool
    /// Bytes that the reference may take while it runs.
    let referenceBytes: Int
  }

  func layout() -> (offsets: [Int], byteCount: Int) {
    MemoryPlanner.layout(
      buffers.map {
        MemoryPlanner.Buffer(
          byteCount: $0.external == nil ? $0.byteCount : 0, firstStep: $0.firstStep, lastStep: $0.lastStep)
      })
  }

  /// Refuses what would not fit before any of it is allocated.
  func checkMemory(arena: Int) throws(GraphError) {
    let fixed = GraphLimits.sum(arena, constants.byteCount)
    guard fixed <= memoryLimit else { throw .memory(fixed, limit: memoryLimit) }
    for step in steps where step.choice.isReference {
      let needed = GraphLimits.sum(fixed, step.referenceBytes)
      guard needed <= memoryLimit else { throw .memory(needed, limit: memoryLimit, place: step.name) }
    }
    for step in steps {
      let scratch = step.kernel.scratchFloats(kernels: kernels, threads: 1)
      let needed = GraphLimits.sum(fixed, GraphLimits.product(scratch, 4))
      guard needed <= memoryLimit else { throw .memory(needed, limit: memoryLimit, place: step.name) }
    }
  }

  func finishedSteps(_ offsets: [Int]) -> [Plan.Step] {
    steps.enumerated().map { index, step in
      Plan.Step(
        name: step.name, operatorName: step.operatorName, kernelName: step.choice.name, kernel: step.kernel,
        locations: step.buffers.map { buffer in
          if let slice = buffers[buffer].slice { return .arena(offsets[slice.of] + slice.offset) }
          return buffers[buffer].frozen.map { .frozen($0) } ?? buffers[buffer].external
            ?? .arena(offsets[buffer])
        },
        strides: index < partSteps
          ? step.buffers.map { buffers[$0].partStride } : [Int](repeating: 0, count: step.buffers.count),
        flops: step.flops, isReference: step.choice.isReference, parts: step.parts,
        operands: step.operands, results: step.results, isInPlace: step.isInPlace)
    }
  }

  func ports(_ names: [String], _ ports: [(buffer: Int, fact: Fact)], _ offsets: [Int]) -> [Plan.Port] {
    zip(names, ports).map { Plan.Port(name: $0, fact: $1.fact, offset: offsets[$1.buffer]) }
  }
}
