import Testing
import VisionData
import VisionGraph
import VisionLayers
import VisionSystem
import VisionTensor

@testable import VisionTraining

/// Networks that read several tensors of a sample.
@Suite struct SeveralInputsTests {
  private static let columns = 5

  /// Rows of numbers, whose last columns are an input of their own, before or behind the others.
  private struct Parts: TensorSource {
    let rows: Tensor
    let classes: Tensor
    let widths: [Int]

    var count: Int { rows.shape[0] }
    var specs: [TensorSpec] {
      widths.enumerated().map { TensorSpec(name: "part \($0)", shape: [.fixed($1)]) } + [
        TensorSpec(name: "class", type: .int64, shape: [], mixing: .classes(2))
      ]
    }
    func makeReader(seed: UInt64) -> any TensorReader { Reader(source: self) }

    private final class Reader: TensorReader {
      let source: Parts
      init(source: Parts) { self.source = source }
      func read(_ index: Int, epoch: Int, into slots: borrowing TensorSlots) {
        var first = index * columns
        for (part, width) in source.widths.enumerated() {
          _ = slots.floats(part).update(fromContentsOf: source.rows.floats[first..<first + width])
          first += width
        }
        slots.integers(source.widths.count)[0] = Int64(source.classes.integers[index])
      }
    }
  }

  private static func parts(_ count: Int, _ widths: [Int], seed: UInt64) -> Parts {
    let rows = Tensor(Philox(seed: seed).normal(count: count * columns), shape: [count, columns])
    let classes = (0..<count).map { Int64(rows.floats[$0 * columns] > rows.floats[$0 * columns + 4] ? 1 : 0) }
    return Parts(rows: rows, classes: Tensor(classes), widths: widths)
  }

  private static func network(_ widths: [Int]) throws -> Graph {
    let builder = GraphBuilder()
    let inputs = try widths.enumerated().map {
      try builder.input("part \($0)", dimensions: [.symbolic("N"), .fixed($1)])
    }
    let all = inputs.count == 1 ? inputs[0] : try builder.add(Concat(axis: 1), inputs)[0]
    let hidden = try Tanh().named("tanh")(Dense(6).named("hidden")(all))
    try builder.output("logits", Dense(2).named("head")(hidden))
    return builder.graph
  }

  private static func trained(_ widths: [Int], groups: Int = 1) throws -> TrainingResult {
    var settings = TrainingToy.settings()
    (settings.batchSize, settings.groups, settings.schedule) = (8, groups, ConstantSchedule(0.03))
    return try Trainer(
      network(widths), on: parts(40, widths, seed: 1), validation: parts(21, widths, seed: 2),
      settings: settings
    ).runBlocking(epochs: 10)
  }

  /// The same numbers in one input and in two, with batches whole and in groups.
  @Test(arguments: [1, 2]) func partsOfARowAreTheRow(groups: Int) throws {
    let whole = try Self.trained([5], groups: groups)
    #expect((whole.best?.score("top1") ?? 0) > 0.85)
    for widths in [[2, 3], [1, 3, 1]] {
      let parted = try Self.trained(widths, groups: groups)
      #expect(parted.lastParameters["hidden.weight"] == whole.lastParameters["hidden.weight"], "\(widths)")
      #expect(parted.history.map(\.validation) == whole.history.map(\.validation))
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func message(_ network: [Int], _ samples: [Int]) throws -> String? {
      let graph = try Self.network(network)
      do throws(TrainingError) {
        _ = try Trainer(graph, on: Self.parts(8, samples, seed: 1), settings: TrainingToy.settings())
      } catch { return error.message }
      return nil
    }
    #expect(try message([2, 3], [2, 3]) == nil)
    #expect(try message([5], [2, 3]) == "the network has 1 inputs, not 2")
    #expect(try message([2, 3], [5]) == "the network has 2 inputs, not one")
    let other = "samples are \(Shape([3])), but the network takes \(Shape([2]))"
    #expect(try message([2, 3], [3, 2]) == other)
  }
}
