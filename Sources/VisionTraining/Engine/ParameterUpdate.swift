import VisionCompute
import VisionGraph
import VisionRuntime

/// The update of a step: one pass over flat memory, in blocks whose cuts depend on shapes alone.
struct ParameterUpdate {
  private let blocks: [ParameterBlock]
  private let statistics: [Plan.Variable]
  private let total: Int
  private let settings: TrainingEngine.Settings

  /// - Parameter statistics: the running statistics, whose new values the plan computes.
  init(_ plan: Plan, statistics: Set<String>, _ settings: TrainingEngine.Settings) {
    blocks = ParameterBlock.cut(
      plan.variableList.filter { !statistics.contains($0.name) },
      whole: settings.optimizer.needsWholeParameter,
      factor: settings.rateFactor)
    self.statistics = plan.variableList.filter { statistics.contains($0.name) }
    total = plan.variableFloats
    self.settings = settings
  }

  /// Turns sums over groups into means: of the statistics, and, if the loss is a mean, of the gradients.
  func average(_ gradients: UnsafeMutablePointer<Float>, groups: Int, on executor: Executor) {
    let share = 1 / Float(groups)
    for variable in statistics {
      for index in variable.offset..<variable.offset + variable.count { gradients[index] *= share }
    }
    guard settings.loss.reduction == .mean else { return }
    // Each call changes the gradients of its own block.
    nonisolated(unsafe) let gradients = gradients
    executor.forEach(count: blocks.count) { [blocks] index, _ in
      for position in blocks[index].range { gradients[position] *= share }
    }
  }

  /// The Euclidean norm of all gradients, summed over the blocks in order.
  func norm(of gradients: UnsafeMutablePointer<Float>, on executor: Executor) -> Double {
    var sums = [Double](repeating: 0, count: blocks.count)
    sums.withUnsafeMutableBufferPointer { buffer in
      // Each call reads the gradients of its own block and writes its sum.
      nonisolated(unsafe) let (sums, gradients) = (buffer, gradients)
      executor.forEach(count: blocks.count) { [blocks] index, _ in
        var sum = 0.0
        for position in blocks[index].range {
          sum += Double(gradients[position]) * Double(gradients[position])
        }
        sums[index] = sum
      }
    }
    return sums.reduce(0, +).squareRoot()
  }

  /// Updates weights, slots and moving average.
  ///
  /// - Parameters:
  ///   - factor: the factor that gradients are multiplied by first.
  ///   - step: the number of this update, from 1 on.
  func apply(
    _ gradients: UnsafeMutablePointer<Float>, to memory: ParameterMemory, rate: Float, factor: Float,
    step: Int,
    on executor: Executor
  ) {
    let bound: Float?
    if case .value(let value)? = settings.clipping { bound = value } else { bound = nil }
    // Each call changes the numbers of its own block.
    nonisolated(unsafe) let (weights, gradients, slots) = (
      memory.weights.floats, gradients, memory.slots.floats
    )
    // The averages have the same blocks.
    nonisolated(unsafe) let average = memory.average?.floats
    let hasSlots = settings.optimizer.slotCount > 0
    executor.forEach(count: blocks.count) { [blocks, settings, total] index, _ in
      let block = blocks[index]
      let (first, count) = (block.offset, block.count)
      let gradient = UnsafeMutableBufferPointer(start: gradients + first, count: count)
      if factor != 1 { for i in 0..<count { gradient[i] *= factor } }
      if let bound { for i in 0..<count { gradient[i] = min(max(gradient[i], -bound), bound) } }
      settings.optimizer.update(
        ParameterPart(
          name: block.name, weights: UnsafeMutableBufferPointer(start: weights + first, count: count),
          gradient: UnsafeBufferPointer(gradient), step: step, rate: rate * block.factor,
          decays: block.decays, slots: hasSlots ? slots + first : nil, slotStride: total))
      if let decay = settings.averageDecay, let average {
        Self.move(average + first, to: weights + first, count, decay)
      }
    }
    for variable in statistics {
      (weights + variable.offset).update(from: gradients + variable.offset, count: variable.count)
      if let decay = settings.averageDecay, let average {
        Self.move(average + variable.offset, to: weights + variable.offset, variable.count, decay)
      }
    }
  }

  private static func move(
    _ average: UnsafeMutablePointer<Float>, to weights: UnsafePointer<Float>, _ count: Int, _ decay: Float
  ) {
    let share = 1 - decay
    for i in 0..<count { average[i] += share * (weights[i] - average[i]) }
  }
}
