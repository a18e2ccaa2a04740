import CAllocationCounter
import Testing
import VisionCompute
import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

@testable import VisionTraining

/// Batches that go through a network group by group.
@Suite struct GradientGroupsTests {
  /// Leaves the gradients where the weights were, so that they can be looked at.
  private struct Keeping: Optimizer {
    let slotCount = 0
    func update(_ part: borrowing ParameterPart) {
      for index in part.weights.indices { part.weights[index] = part.gradient[index] }
    }
  }

  /// One of two processes: what the second computes is kept, and the first adds it in order.
  private struct OneOfTwo: GradientReducer {
    let processes = 2
    let isFirst: Bool
    let other: Locked<[Float]>

    func sum(_ gradients: UnsafeMutableBufferPointer<Float>, groups: Int, on executor: Executor)
      throws(TrainingError)
    {
      guard isFirst else { return other.withLock { $0 = Array(gradients) } }
      Alone().sum(gradients, groups: groups, on: executor)
      let length = gradients.count / groups
      let blocks = other.withLock { $0 }
      for position in blocks.indices { gradients[position % length] += blocks[position] }
    }
  }

  private static let graph = Result { try TrainingToy.Network().graph(input: (1, 6, 6)) }

  /// An engine that has made a step on samples of a batch of twelve.
  private func engine(
    _ samples: Range<Int>, groups: Int = 1, threads: Int = 1, loss: any LossOperator = SoftmaxCrossEntropy(),
    optimizer: any Optimizer = Keeping(), reducer: any GradientReducer = Alone()
  ) throws -> (engine: TrainingEngine, loss: Float) {
    let graph = try Self.graph.get()
    var settings = TrainingEngine.Settings(batchSize: samples.count, optimizer: optimizer)
    settings.groups = groups
    settings.loss = loss
    settings.reducer = reducer
    let engine = try TrainingEngine(
      graph, parameters: graph.initialParameters(seed: 3), settings: settings,
      executor: Executor(threads: threads))
    fill(engine, samples)
    return (engine, try engine.step(rate: 0.1))
  }

  private func fill(_ engine: TrainingEngine, _ samples: Range<Int>) {
    let images = TrainingToy.images(12)
    let classes = TrainingToy.classes(of: images).integers
    engine.withInput {
      _ = $0.update(fromContentsOf: images.floats[samples.lowerBound * 36..<samples.upperBound * 36])
    }
    engine.withClasses { rows in
      for (row, sample) in samples.enumerated() { rows[row] = Int64(classes[sample]) }
    }
    engine.setKeys(seed: 7, epoch: 1, samples: Array(samples))
  }

  /// Gradients and running statistics of groups are those of the halves, summed in order; the loss is a mean, so their mean counts.
  @Test func twoGroupsAreTwoHalvesSummed() throws {
    let whole = try engine(0..<12, groups: 2)
    let halves = try [engine(0..<6), engine(6..<12)]
    #expect(whole.loss == (halves[0].loss + halves[1].loss) / 2)
    let names = whole.engine.parameters.map(\.name)
    #expect(
      names.count == halves[0].engine.parameters.map(\.name).count && names.contains("norm.running_mean"))
    for name in names {
      let parts = try halves.map { try #require($0.engine.parameters[name]).floats }
      #expect(
        whole.engine.parameters[name]?.floats == zip(parts[0], parts[1]).map { ($0 + $1) / 2 }, "\(name)")
    }
    let predictions = halves.flatMap { half in half.engine.withPrediction { Array($0) } }
    #expect(whole.engine.withPrediction { Array($0) } == predictions)
  }

  /// A loss that is a sum has a gradient that is one; a third group is added last.
  @Test func sumsStaySums() throws {
    let loss = SoftmaxCrossEntropy(reduction: .sum)
    let whole = try engine(0..<12, groups: 3, loss: loss)
    let thirds = try (0..<3).map { try engine($0 * 4..<$0 * 4 + 4, loss: loss) }
    #expect(whole.loss == thirds[0].loss + thirds[1].loss + thirds[2].loss)
    for name in whole.engine.trainedParameters {
      let parts = try thirds.map { try #require($0.engine.parameters[name]).floats }
      let sums = parts[0].indices.map { parts[0][$0] + parts[1][$0] + parts[2][$0] }
      #expect(whole.engine.parameters[name]?.floats == sums, "\(name)")
    }
  }

  /// The number of groups decides the bits, and not that of the processes.
  @Test(arguments: [2, 6]) func processesChangeNoBit(groups: Int) throws {
    let one = try engine(0..<12, groups: groups)
    let other = Locked<[Float]>([])
    _ = try engine(6..<12, groups: groups / 2, reducer: OneOfTwo(isFirst: false, other: other))
    let first = try engine(0..<6, groups: groups / 2, reducer: OneOfTwo(isFirst: true, other: other))
    for (name, tensor) in one.engine.parameters {
      #expect(first.engine.parameters[name]?.floats == tensor.floats, "\(name)")
    }
  }

  @Test func threadsChangeNoBit() throws {
    let states = try (1...3).map {
      try engine(0..<12, groups: 4, threads: $0, optimizer: AdamW()).engine.state
    }
    for (name, tensor) in states[0] {
      for other in states.dropFirst() { #expect(other[name]?.floats == tensor.floats, "\(name)") }
    }
  }

  /// Dropout, statistics and weights of many steps: what is cut differs, so the bits do, but not much.
  @Test func learnsAsABatchInOnePiece() throws {
    func losses(groups: Int) throws -> [Float] {
      let engine = try engine(0..<12, groups: groups, optimizer: SGD(momentum: 0.9)).engine
      return try (0..<30).map { _ in try engine.step(rate: 0.05) }
    }
    let (one, two) = try (losses(groups: 1), losses(groups: 2))
    #expect(one != two)
    #expect(try #require(two.last) < two[0] / 2)
  }

  @Test func aStepAllocatesNothing() throws {
    guard allocation_counter_works() else { return print("skipped: allocations cannot be counted here") }
    let engine = try engine(0..<12, groups: 3, optimizer: SGD()).engine
    _ = try engine.step(rate: 0.01)
    let before = allocation_counter_value()
    let loss = try? engine.step(rate: 0.01)
    let after = allocation_counter_value()
    #expect(after == before)
    #expect(loss != nil)
  }

  @Test func refusesGroupsOfDifferentSizes() throws {
    for groups in [0, 5] {
      #expect { try engine(0..<12, groups: groups) } throws: {
        ($0 as? TrainingError)?.kind == .batch
      }
    }
  }

  /// Gradients take a block a group, activations those of a group alone.
  @Test func memoryIsCounted() throws {
    let (one, three) = try (engine(0..<12).engine.memory, engine(0..<12, groups: 3).engine.memory)
    #expect(three.gradients == 3 * one.gradients)
    #expect(three.weights == one.weights)
  }
}
