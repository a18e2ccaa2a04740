import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// What the numbers of one image give away when they are there.
@Suite struct ScoreCheckTests {
  private func check(_ activation: OutputActivation? = nil, softplus: Bool = false) throws -> ScoreCheck {
    let builder = GraphBuilder()
    let x = try builder.image(height: 4, width: 4)
    let weight = try builder.parameter("weight", shape: [3, 3, 1, 1], initializer: .zeros)
    let maps = try builder.add(Conv(window: Window(kernel: [1, 1])), x, weight)
    var y = try builder.add(Flatten(), builder.add(GlobalAveragePool(), maps))
    if softplus { y = try builder.add(Softplus(), y) }
    try builder.output("y", y)
    let graph = builder.graph
    var model = Model(graph: graph, parameters: graph.initialParameters(seed: 1))
    model.activation = activation
    return ScoreCheck(try ClassifierRoles(graph, of: model))
  }

  private func finding(_ check: ScoreCheck, _ scores: [Float], _ probabilities: [Float] = [0.2, 0.3, 0.5])
    -> ScoreCheck.Finding?
  {
    probabilities.withUnsafeBufferPointer { probabilities in
      scores.withUnsafeBufferPointer { check.finding(probabilities, scores: $0) }
    }
  }

  @Test func numbersThatAreNoneAreFound() throws {
    let check = try check()
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(finding(check, [0, bad, 1]) == .notFinite)
      #expect(finding(check, [0, 1, 2], [0, bad, 1]) == .notFinite)
    }
    #expect(finding(check, [3, -1, 2]) == nil)
  }

  @Test func sharesOfOneAreNoLogits() throws {
    #expect(finding(try check(), [0.7, 0.2, 0.1]) == .alreadyProbabilities)
    #expect(finding(try check(), [0.7, 0.2, 0.2]) == nil)
    #expect(finding(try check(), [1.1, -0.2, 0.1]) == nil)
  }

  @Test func whatCannotBeToldIsSaid() throws {
    let unknown = try check(softplus: true)
    #expect(finding(unknown, [0.7, 0.2, 0.2]) == .cannotTell)
    #expect(finding(unknown, [0.7005, 0.2, 0.1]) == .alreadyProbabilities)
    #expect(finding(unknown, [5, 0.2, 0.1]) == nil)
    #expect(finding(try check(.softmax, softplus: true), [0.7, 0.2, 0.2]) == nil)
  }

  @Test func probabilitiesThatAreNoneAreFound() throws {
    let check = try check(.identity)
    #expect(finding(check, [], [0.2, 1.2, 0.1]) == .noProbabilities)
    #expect(finding(check, [], [0.2, -0.1, 0.1]) == .noProbabilities)
    #expect(finding(check, [], [0.2, 0.9, 0.1]) == nil)
  }
}
