import Testing
import VisionGraph
import VisionLayers

@Suite struct LayerBuilderTests {
  struct Loop: Network {
    let widths: [Int]
    let normalized: Bool
    var body: some Layer {
      Conv2D(4, kernel: 3).named("stem")
      for width in widths {
        Conv2D(width, kernel: 3, bias: false)
        if normalized { BatchNorm() }
        ReLU()
      }
      if widths.isEmpty {
        Conv2D(1, kernel: 1)
      } else {
        Conv2D(2, kernel: 1)
      }
    }
  }

  @Test func layersAreNumberedByPositionThroughLoopsAndConditions() throws {
    let names = try parameterNames(Loop(widths: [5, 6], normalized: false), input: [1, 3, 8, 8])
    #expect(
      names == ["stem.weight", "stem.bias", "1.weight", "3.weight", "5.weight", "5.bias"])
  }

  @Test func whatAConditionAddsShiftsTheNumbersAfterIt() throws {
    let names = try parameterNames(Loop(widths: [5], normalized: true), input: [1, 3, 8, 8])
    #expect(
      names == [
        "stem.weight", "stem.bias", "1.weight", "2.weight", "2.bias", "2.running_mean", "2.running_var",
        "4.weight", "4.bias",
      ])
  }

  @Test func theOtherBranchOfAConditionIsTaken() throws {
    let graph = try Loop(widths: [], normalized: true).graph(input: (3, 8, 8))
    #expect(graph.outputs.map { graph.fact($0.value).shape } == [[1, 1, 8, 8]])
  }

  @Test func networksNest() throws {
    let names = try parameterNames(
      Sequential {
        ReLU()
        Loop(widths: [], normalized: false)
        Loop(widths: [], normalized: false).named("second")
      }, input: [1, 3, 8, 8])
    #expect(
      names == [
        "1.stem.weight", "1.stem.bias", "1.1.weight", "1.1.bias",
        "second.stem.weight", "second.stem.bias", "second.1.weight", "second.1.bias",
      ])
  }
}
