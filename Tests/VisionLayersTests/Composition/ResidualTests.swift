import Testing
import VisionGraph
import VisionLayers
import VisionTensor

@Suite struct ResidualTests {
  @Test func addsTheInput() throws {
    let result = try run(Residual { ReLU() }, [1, -2, 3], [1, 3])
    #expect(result == Tensor([Float(2), -2, 6], shape: [1, 3]))
  }

  @Test func addsWhatTheShortcutMakesOfTheInput() throws {
    let layer = Residual {
      Dense(2, bias: false)
    } shortcut: {
      Dense(2)
    }
    let result = try run(
      layer, [1, 10], [1, 2],
      parameters: ["0.weight": [1, 0, 0, 1], "shortcut.0.weight": [2, 0, 0, 3], "shortcut.0.bias": [5, 7]])
    #expect(result == Tensor([Float(8), 47], shape: [1, 2]))
  }

  @Test func theShortcutCanHaveAnotherName() throws {
    let layer = Residual(shortcutName: "downsample") {
      Dense(4)
    } shortcut: {
      Dense(4, bias: false)
    }
    #expect(
      try parameterNames(layer, input: [1, 2]) == ["0.weight", "0.bias", "downsample.0.weight"])
  }

  @Test func shapesThatWouldOnlyBroadcastAreRefused() {
    let error = #expect(throws: GraphError.self) {
      try graph(of: Residual { Dense(1) }.named("block"), input: [1, 4])
    }
    #expect(error?.kind == .shape)
    #expect(error?.place == "block")
  }
}
