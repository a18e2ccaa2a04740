import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct TrainingModeTests {
  /// x → BatchNormalization "a" → Dropout → BatchNormalization "b" → Dropout of nothing.
  private func graph(ratio: Float = 0.5) throws -> Graph {
    let builder = GraphBuilder()
    var y = try builder.input("x", dimensions: [.symbolic("N"), .fixed(4)])
    for name in ["a", "b"] {
      var parameters: [Value?] = [y]
      for part in ["weight", "bias", "running_mean", "running_var"] {
        parameters.append(try builder.parameter("\(name).\(part)", shape: [4], initializer: .ones))
      }
      y = try builder.add(BatchNormalization(momentum: 0.75), parameters, name: name)[0]
      let share = builder.constant(Tensor(scalar: name == "a" ? ratio : 0), name: "ratio")
      y = try builder.add(DropoutOperator(), y, share, name: "\(name).dropout")
    }
    try builder.output("y", y)
    return builder.graph
  }

  private func names(_ graph: Graph) -> [String] { graph.nodes.map { type(of: $0.operation).name } }

  private func keys(_ samples: [Int64], seed: Int64 = 7, epoch: Int64 = 2) -> Tensor {
    Tensor(samples.flatMap { [seed, epoch, $0] }, shape: [samples.count, 3])
  }

  @Test func turnsEveryLayerIntoItsTrainingForm() throws {
    let training = try graph().applying([TrainingMode(), ConstantFolding()])
    #expect(
      names(training) == [
        "BatchNormalizationTraining", "DropoutTraining", "BatchNormalizationTraining", "Dropout",
        "RunningStatistics", "RunningStatistics",
      ])
    #expect(
      training.outputs.map(\.name) == [
        "y", "update of a.running_mean", "update of a.running_var", "update of b.running_mean",
        "update of b.running_var",
      ])
    #expect(training.inputs.map { training[$0].name } == ["x", TrainingMode.keysName])
    #expect(training.nodes.map(\.name).contains("a.dropout"))
  }

  @Test func leavesFrozenStatisticsAlone() throws {
    let training = try graph().applying([TrainingMode { $0.hasPrefix("a.") }])
    #expect(names(training).filter { $0 == "BatchNormalization" }.count == 1)
    #expect(training.outputs.map(\.name) == ["y", "update of b.running_mean", "update of b.running_var"])
  }

  @Test func asksForKeysOnlyWhereSomethingIsDropped() throws {
    let training = try graph(ratio: 0).applying([TrainingMode()])
    #expect(training.inputs.count == 1)
    #expect(names(training).filter { $0 == "Dropout" }.count == 2)
  }

  @Test func keepsAnInferenceGraphThatDoesNeither() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(2)])
    try builder.output("y", builder.add(Relu(), x))
    let training = try builder.graph.applying([TrainingMode()])
    #expect(names(training) == ["Relu"])
  }

  @Test func updatesRunningStatisticsAsPyTorchDoes() throws {
    let training = try graph().applying([TrainingMode()]).bound(batch: 3)
    let x = Tensor([1, 2, 3, 4, 3, 2, 1, 0, 5, 5, 5, 5] as [Float], shape: [3, 4])
    let result = try Interpreter(training, parameters: training.initialParameters(seed: 0))
      .run(["x": x, TrainingMode.keysName: keys([0, 1, 2])])
    // 3/4 of ones and 1/4 of the means 3, 3, 3, 3 and the unbiased variances 4, 3, 4, 7.
    #expect(result["update of a.running_mean"]?.floats == [1.5, 1.5, 1.5, 1.5])
    #expect(result["update of a.running_var"]?.floats == [1.75, 1.5, 1.75, 2.5])
  }

  @Test func updatesTwiceWhatIsAppliedTwice() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(3), .fixed(1)])
    let shared = try ["weight", "bias", "mean", "variance"].map {
      try builder.parameter($0, shape: [1], initializer: .ones)
    }
    var y = x
    for _ in 0..<2 {
      y = try builder.add(
        BatchNormalization(momentum: 0.5), y, shared[0], shared[1], shared[2], shared[3], name: "bn")
    }
    try builder.output("y", y)
    let training = try builder.graph.applying([TrainingMode()])
    #expect(training.outputs.map(\.name) == ["y", "update of mean", "update of variance"])
    let result = try Interpreter(training, parameters: training.initialParameters(seed: 0))
      .run(["x": Tensor([2, 4, 6] as [Float], shape: [3, 1])])
    // The means are 4 and, after the first layer, the bias 1: (1 + 4) / 2, then (2.5 + 1) / 2.
    expectClose(try #require(result["update of mean"]), Tensor([1.75] as [Float]), tolerance: 1e-6)
  }

  @Test func refusesToTrainOnOneElement() throws {
    let training = try graph().applying([TrainingMode()])
    #expect(
      graphErrorKind {
        try Interpreter(training, parameters: training.initialParameters(seed: 0))
          .run(["x": Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]), TrainingMode.keysName: keys([0])])
      } == .evaluation)
  }

  @Test func dropsByKeyWhateverThePlaceInTheBatch() throws {
    let dropout = DropoutTraining(site: 11)
    let ratio = Tensor(scalar: Float(0.25))
    func masks(_ samples: [Int64], seed: Int64 = 7, epoch: Int64 = 2, _ op: DropoutTraining) throws
      -> [[Double]]
    {
      let ones = Tensor(repeating: Float(1), shape: [samples.count, 3, 50])
      let y = try op.evaluate([ones, ratio, keys(samples, seed: seed, epoch: epoch)])[0].doubles
      return samples.indices.map { Array(y[($0 * 150)..<(($0 + 1) * 150)]) }
    }
    let all = try masks([0, 1, 2, 900], dropout)
    #expect(try masks([900, 1], dropout) == [all[3], all[1]])
    #expect(Set(all).count == 4)
    for other in [
      try masks([0], seed: 8, dropout), try masks([0], epoch: 3, dropout),
      try masks([0], DropoutTraining(site: 12)),
    ] { #expect(other[0] != all[0]) }
    let kept = Double(Float(4) / 3)
    #expect(Set(all.joined()) == [0, kept])
    // 600 numbers: a quarter is dropped, give or take four standard deviations.
    let dropped = all.joined().count { $0 == 0 }
    #expect((150 - 43...150 + 43).contains(dropped))
  }

  @Test func dropsNothingOrEverythingAtTheEnds() throws {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let dropout = DropoutTraining(site: 0)
    #expect(try dropout.evaluate([x, Tensor(scalar: Float(0)), keys([0, 1])])[0] == x)
    #expect(try dropout.evaluate([x, Tensor(scalar: Float(1)), keys([0, 1])])[0].floats == [0, 0, 0, 0])
    #expect(throws: EvaluationError.self) {
      try dropout.evaluate([x, Tensor(scalar: Float(1.5)), keys([0, 1])])
    }
    #expect(throws: ShapeError.self) {
      try dropout.outputs([Fact(.float32, [3, 2]), Fact(.float32, []), Fact(.int64, [2, 3])])
    }
  }

  @Test func givesDifferentMasksToDifferentLayers() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.symbolic("N"), .fixed(64)])
    for name in ["one", "two"] { try builder.output(name, builder.add(DropoutOperator(), x, name: name)) }
    let training = try builder.graph.applying([TrainingMode()])
    let result = try Interpreter(training, parameters: Parameters()).run([
      "x": Tensor(repeating: Float(1), shape: [1, 64]), TrainingMode.keysName: keys([3]),
    ])
    #expect(result["one"] != result["two"])
    #expect(result["one"]?.floats.contains(2) == true)
  }
}
