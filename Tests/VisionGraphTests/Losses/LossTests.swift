import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Losses against PyTorch 2.15 (`torch.nn.functional`, float64), and their gradients against central differences.
@Suite struct LossTests {
  private static let logits = pattern([4, 3], seed: 1)
  private static let labels = Tensor([2, 0, 1, 0] as [Int64])
  private static let weights = Tensor([1, 0.5, 2] as [Float])
  private static let targets = try? Softmax(axis: 1).evaluate([
    pattern([4, 3], seed: 5).converted(to: .float64)
  ])[0]
  private static let flags = Tensor([1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0] as [Float], shape: [4, 3])

  /// Checks value and gradient of a loss of float64 logits.
  private func check(
    _ loss: some LossOperator, _ prediction: Tensor, _ target: Tensor?, _ weights: Tensor? = nil,
    value: Double,
    gradient: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wide = [prediction, target, weights].map { tensor in
      tensor.map { $0.elementType.isFloatingPoint ? $0.converted(to: .float64) : $0 }
    }
    let inputs = Array(wide[..<(weights == nil ? 2 : 3)])
    expectClose(
      try loss.evaluate(inputs)[0], Tensor(scalar: value), tolerance: 1e-7, "value",
      sourceLocation: sourceLocation)
    let one = Tensor(scalar: Double(1))
    expectClose(
      try LossGradient(loss).evaluate([one] + inputs)[0], golden(prediction.shape, gradient, .float64),
      tolerance: 1e-7, "gradient", sourceLocation: sourceLocation)
    try checkGradient(loss, inputs, fixed: [1, 2], sourceLocation: sourceLocation)
  }

  @Test func takesClasses() throws {
    try check(
      SoftmaxCrossEntropy(), Self.logits, Self.labels, value: 1.0552696706417346,
      gradient: """
        0.1266200977639135 0.0767989714296246 -0.2034190691935381 -0.1233799022360865 0.0767989714296246
        0.04658093080646189 0.1266200977639135 -0.1732010285703754 0.04658093080646189
        -0.1233799022360865 0.0767989714296246 0.04658093080646189
        """)
  }

  @Test func sums() throws {
    try check(
      SoftmaxCrossEntropy(reduction: .sum), Self.logits, Self.labels, value: 4.221078682566938,
      gradient: """
        0.506480391055654 0.3071958857184984 -0.8136762767741524 -0.493519608944346 0.3071958857184984
        0.18632372322584756 0.506480391055654 -0.6928041142815016 0.18632372322584756 -0.493519608944346
        0.3071958857184984 0.18632372322584756
        """)
  }

  @Test func smoothsAndWeighsClasses() throws {
    try check(
      SoftmaxCrossEntropy(labelSmoothing: 0.2), Self.logits, Self.labels, Self.weights,
      value: 1.2186420385724142,
      gradient: """
        0.19152904820785904 0.11774647195938821 -0.3092755201672473 -0.07628968797981278
        0.0631338700538774 0.013155817925935363 0.05646761059301796 -0.0530613197877669
        -0.003406290805251089 -0.07628968797981278 0.0631338700538774 0.013155817925935363
        """)
  }

  @Test func leavesOutAnIgnoredClass() throws {
    try check(
      SoftmaxCrossEntropy(ignoredClass: 0), Self.logits, Self.labels, Self.weights, value: 1.5802696706417347,
      gradient: """
        0.4051843128445232 0.2457567085747987 -0.650941021419322 0.0 0.0 0.0 0.1012960782111308
        -0.13856082285630034 0.03726474464516951 0.0 0.0 0.0
        """)
  }

  @Test func takesProbabilities() throws {
    try check(
      SoftmaxCrossEntropy(labelSmoothing: 0.1), Self.logits, Self.targets, Self.weights,
      value: 1.2987627717650896,
      gradient: """
        0.010168378764267037 0.041614726121035166 -0.051783104885302245 0.12654323377850402
        0.008865905533082448 -0.13540913931158646 0.010168378764267037 0.041614726121035166
        -0.051783104885302245 0.010168378764267037 0.041614726121035166 -0.051783104885302245
        """)
  }

  @Test func takesAClassForEveryPixel() throws {
    try check(
      SoftmaxCrossEntropy(), pattern([2, 3, 2, 2], seed: 2),
      Tensor([0, 1, 2, 2, 1, 0, 0, 2] as [Int32], shape: [2, 2, 2]), Self.weights, value: 2.2809799466650884,
      gradient: """
        -0.07627831494782436 0.011860842526087824 0.0074515337502643365 0.0074515337502643365
        0.0032103809653859132 -0.04839480951730705 0.16959612644189007 0.16959612644189007
        0.07306793398243844 0.03653396699121922 -0.17704766019215443 -0.17704766019215443
        0.0018628834375660841 -0.09627423312486784 -0.09627423312486784 0.0074515337502643365
        -0.007600968389527485 0.08479806322094503 0.08479806322094503 0.16959612644189007
        0.005738084951961393 0.011476169903922785 0.011476169903922785 -0.17704766019215443
        """)
  }

  @Test func comparesSeveralLabels() throws {
    try check(
      BinaryCrossEntropy(), Self.logits, Self.targets, Self.weights, value: 0.9272705069790735,
      gradient: """
        -0.021782948160273527 -0.0011959058525065115 -0.020506488650742765 0.0765063713794501
        0.024915637711171237 0.03115570121668586 0.01871484896452923 0.031104409629704694
        0.018376201263435712 -0.010744976854792388 0.006169552453222676 -0.013019309986526088
        """)
  }

  @Test func squares() throws {
    try check(
      MeanSquaredError(), Self.logits, Self.targets, value: 2.2509195610811417,
      gradient: """
        -0.27191339850927565 -0.3220326476197497 -0.3852206205376412 0.4156557727624408
        0.23021935180989805 0.1874582087609945 0.082253268157391 0.032134019046916935
        -0.031053953870974597 -0.16774673184260896 -0.21786598095308307 -0.2810539538709746
        """)
  }

  @Test func takesMagnitudes() throws {
    try check(
      MeanAbsoluteError(reduction: .sum), Self.logits, Self.targets, value: 15.747647446451694,
      gradient: """
        -1.0 -1.0 -1.0 1.0 1.0 1.0 1.0 1.0 -1.0 -1.0 -1.0 -1.0
        """)
  }

  @Test func isLinearFarAway() throws {
    try check(
      HuberLoss(delta: 0.7), Self.logits, Self.targets, value: 0.6971021483638831,
      gradient: """
        -0.05833333333333333 -0.05833333333333333 -0.05833333333333333 0.05833333333333333
        0.05833333333333333 0.05833333333333333 0.0411266340786955 0.016067009523458468
        -0.015526976935487298 -0.05833333333333333 -0.05833333333333333 -0.05833333333333333
        """)
  }

  @Test func focusesOnHardLabels() throws {
    try check(
      BinaryFocalLoss(), Self.logits, Self.flags, value: 0.17367957309904422,
      gradient: """
        -0.01714638082588993 0.000786365589439597 0.00021930617761086688 0.07021269209716849
        -0.00010147792073734953 -0.00035481469215074845 -0.001095440207865846 -0.0028736874448107167
        0.018642924696249143 0.00862106233443215 0.0032863206235975388 0.0010644440764522455
        """)
  }

  @Test func focusesOnHardClasses() throws {
    try check(
      FocalLoss(), Self.logits, Self.labels, Self.weights, value: 0.6310079584821474,
      gradient: """
        0.26371894193525325 0.1599536238307068 -0.4236725657659601 -0.06400832015619805
        0.03984257615578122 0.02416574400041682 0.05528306854121358 -0.07562057290239778
        0.020337504361184193 -0.06400832015619805 0.03984257615578122 0.02416574400041682
        """)
  }

  @Test func givesGradientsForEveryParameter() throws {
    let target = try #require(Self.targets)
    let inputs: [Tensor?] = [Self.logits, target, Self.weights]
    try checkGradient(BinaryCrossEntropy(labelSmoothing: 0.1, reduction: .sum), inputs, fixed: [1, 2])
    try checkGradient(BinaryFocalLoss(alpha: nil, gamma: 0.5), inputs, fixed: [1, 2])
    try checkGradient(MeanSquaredError(reduction: .sum), inputs, fixed: [1, 2])
    try checkGradient(MeanAbsoluteError(), inputs, fixed: [1, 2])
    try checkGradient(HuberLoss(delta: 0.3, reduction: .sum), inputs, fixed: [1, 2])
    try checkGradient(FocalLoss(gamma: 0.5, ignoredClass: 2), [Self.logits, Self.labels])
    try checkGradient(FocalLoss(gamma: 0, reduction: .sum), [Self.logits, Self.labels])
  }

  @Test func staysFiniteForExtremeLogits() throws {
    let logits = Tensor([1000, -1000, 0, -1000] as [Double], shape: [2, 2])
    let labels = Tensor([1, 0] as [Int64])
    #expect(try SoftmaxCrossEntropy(reduction: .sum).evaluate([logits, labels])[0].doubles == [2000])
    #expect(try FocalLoss(reduction: .sum).evaluate([logits, labels])[0].doubles == [2000])
    let gradient = try LossGradient(FocalLoss()).evaluate([Tensor(scalar: Double(1)), logits, labels])[0]
    #expect(gradient.doubles.allSatisfy { $0.isFinite })
    let flags = Tensor([0, 1, 0, 0] as [Double], shape: [2, 2])
    let sum = try BinaryCrossEntropy(reduction: .sum).evaluate([logits, flags])[0].doubles[0]
    #expect((sum - 2000.6931471805599).magnitude < 1e-9)
  }

  @Test func refusesClassesThatDoNotExist() {
    for label in [-1, 3] as [Int64] {
      #expect(throws: EvaluationError.self) {
        try SoftmaxCrossEntropy().evaluate([Tensor([1, 2, 3] as [Float], shape: [1, 3]), Tensor([label])])
      }
    }
  }

  @Test func refusesWhatDoesNotFit() {
    let logits = Fact(.float32, [4, 3])
    let wrong: [(any LossOperator, [Fact?])] = [
      (SoftmaxCrossEntropy(), [logits, Fact(.int64, [3])]),
      (SoftmaxCrossEntropy(), [logits, Fact(.float64, [4, 3])]),
      (SoftmaxCrossEntropy(), [logits, Fact(.int64, [4]), Fact(.float32, [4])]),
      (SoftmaxCrossEntropy(), [Fact(.float32, [4]), Fact(.int64, [])]),
      (FocalLoss(), [logits, logits]),
      (MeanSquaredError(), [logits, Fact(.float32, [4])]),
      (MeanSquaredError(), [logits, logits, Fact(.float32, [4])]),
      (BinaryCrossEntropy(), [logits, Fact(.int64, [4, 3])]),
      (HuberLoss(), [Fact(.int64, [2]), Fact(.int64, [2])]),
    ]
    for (loss, facts) in wrong { #expect(throws: ShapeError.self) { try loss.outputs(facts) } }
  }

  @Test func isAFunctionOfValues() throws {
    let builder = GraphBuilder()
    let logits = try builder.input("logits", dimensions: [.symbolic("N"), .fixed(3)])
    let labels = try builder.input("labels", type: .int64, dimensions: [.symbolic("N")])
    try builder.output("loss", SoftmaxCrossEntropy(labelSmoothing: 0.1)(logits, labels))
    let graph = try builder.graph.differentiated(loss: "loss", withRespectTo: ["logits"])
    #expect(
      graph.nodes.map { type(of: $0.operation).name } == [
        "SoftmaxCrossEntropy", "SoftmaxCrossEntropyGradient",
      ])
  }
}
