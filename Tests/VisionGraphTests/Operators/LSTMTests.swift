import Testing
import VisionCompute
import VisionGraph
import VisionRuntime
import VisionTensor
import VisionTestSupport

/// Golden values are ONNX Runtime 1.32's, and gradients PyTorch 2.13's in float64.
@Suite struct LSTMTests {
  private func form(
    hidden: Int, direction: RecurrentForm.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false
  ) -> RecurrentForm {
    recurrentForm(
      LSTM.self, hidden: hidden, direction: direction, activations: activations, clip: clip,
      isBatchFirst: isBatchFirst)
  }

  @Test func computesOneDirection() throws {
    let op = LSTM(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        golden(
          [3, 1, 2, 2],
          """
          0.039791353 0.0951944813 0.0472498275 -0.0721477717 0.106869385 0.0553918071 0.0382710733
          0.0161279123 0.0566983186 0.0231824238 0.125113666 0.000376894634
          """),
        golden(
          [1, 2, 2],
          """
          0.0566983186 0.0231824238 0.125113666 0.000376894634
          """),
        golden(
          [1, 2, 2],
          """
          0.144806415 0.061376594 0.2103993 0.000819345936
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesWithoutOptionalInputs() throws {
    let op = LSTM(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 2, batch: 1, features: 3, biases: false, states: false, cells: false),
      expected: [
        golden(
          [2, 1, 1, 2],
          """
          -0.0514162555 0.0552233011 0.0836573392 0.00342680071
          """),
        golden(
          [1, 1, 2],
          """
          0.0836573392 0.00342680071
          """),
        golden(
          [1, 1, 2],
          """
          0.124731928 0.00633633509
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func readsBackwardsWhatALengthLeaves() throws {
    let op = LSTM(form(hidden: 3, direction: .reverse))
    try checkOperator(
      op, recurrentInputs(op, steps: 4, batch: 3, features: 2, lengths: [4, 2, 1], peepholes: true),
      expected: [
        golden(
          [4, 1, 3, 3],
          """
          -0.249148145 -0.0857757926 -0.0586304069 -0.262265116 -0.0836973414 -0.160435453
          -0.416091293 0.268342197 -0.000478773029 -0.289917767 -0.0587061383 -0.0984108523
          -0.270453155 -0.0347821973 -0.136194766 0 0 0 -0.2085765 -0.0939386114 -0.00702780671 0 0
          0 0 0 0 -0.15076451 -0.099558942 -0.0831197053 0 0 0 0 0 0
          """),
        golden(
          [1, 3, 3],
          """
          -0.249148145 -0.0857757926 -0.0586304069 -0.262265116 -0.0836973414 -0.160435453
          -0.416091293 0.268342197 -0.000478773029
          """),
        golden(
          [1, 3, 3],
          """
          -0.590012372 -0.169477835 -0.109680966 -0.509511471 -0.154051021 -0.312192142 -0.597964346
          0.441059858 -0.00101177394
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesBothDirectionsWithFunctionsAndClip() throws {
    let op = LSTM(
      form(
        hidden: 2, direction: .bidirectional,
        activations: [
          RecurrentActivation(.hardSigmoid, alpha: 0.3, beta: 0.4), RecurrentActivation(.relu),
          RecurrentActivation(.softsign), RecurrentActivation(.sigmoid),
          RecurrentActivation(.scaledTanh, alpha: 1.7, beta: 0.6),
          RecurrentActivation(.leakyRelu, alpha: 0.2),
        ], clip: 0.45))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [2, 3], peepholes: true),
      expected: [
        golden(
          [3, 2, 2, 2],
          """
          0.0208321437 0.0522998273 0.0360988304 -0.0488238819 0.0851026177 -0.00758422818
          -0.00162716897 -0.0206424966 0.0627747104 0.0280457418 0.0211478118 0.01071849
          -0.0122681577 -0.00692156423 0.052148819 -0.000571831362 0 0 0.0730799735 0.00651123095 0
          0 -0.0287830606 0.0604395829
          """),
        golden(
          [2, 2, 2],
          """
          0.0627747104 0.0280457418 0.0730799735 0.00651123095 0.0851026177 -0.00758422818
          -0.00162716897 -0.0206424966
          """),
        golden(
          [2, 2, 2],
          """
          0.154280216 0.0902495906 0.158209145 0.018677881 0.196525931 -0.0727152824 -0.0166508593
          -0.265081853
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func takesTheBatchFirst() throws {
    let op = LSTM(form(hidden: 2, direction: .bidirectional, isBatchFirst: true))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [3, 1]),
      expected: [
        golden(
          [2, 3, 2, 2],
          """
          0.039791353 0.0951944813 0.0907192826 -0.0932983086 0.16387108 0.0373664424 -0.0480320156
          -0.126621887 0.159101143 0.021902781 -0.020115491 -0.138069555 -0.0525656305 -0.0922218561
          -0.00630166149 0.0854818448 0 0 0 0 0 0 0 0
          """),
        golden(
          [2, 2, 2],
          """
          0.159101143 0.021902781 0.0907192826 -0.0932983086 -0.0525656305 -0.0922218561
          -0.00630166149 0.0854818448
          """),
        golden(
          [2, 2, 2],
          """
          0.300237596 0.0502788536 0.207736522 -0.186747015 -0.138263986 -0.288054675 -0.0120736957
          0.17457211
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func forgetsByInput() throws {
    let op = LSTM(form(hidden: 2), forgetsByInput: true)
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, cells: false, peepholes: true),
      expected: [
        golden(
          [3, 1, 2, 2],
          """
          -0.0054814443 0.0893163756 0.0864692703 0.00176243694 0.063192226 0.0381723344 0.054267589
          0.0415344499 0.0337215289 0.00498836534 0.14966993 0.0108091431
          """),
        golden(
          [1, 2, 2],
          """
          0.0337215289 0.00498836534 0.14966993 0.0108091431
          """),
        golden(
          [1, 2, 2],
          """
          0.0842489973 0.0129909273 0.247739047 0.0236874931
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func hasTheGradientsOfPyTorch() throws {
    let op = LSTM(form(hidden: 2, direction: .bidirectional))
    try checkRecurrentGradients(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        0: golden(
          [3, 2, 3],
          """
          0.136606001 0.0126002664 -0.253207484 0.139615429 0.339450546 0.190507855 0.426080771
          0.401576919 -0.229681528 -0.0145398674 0.169439931 0.6293862 0.348875519 0.212120971
          -0.155998081 0.2672392 0.415764659 -0.0891242501
          """),
        1: golden(
          [2, 8, 3],
          """
          0.0655828689 0.0264888486 0.0101161792 0.0014489216 0.00318202565 -0.021793824
          -0.0357967616 -0.0463159711 0.0476706651 0.0450455965 0.043402529 0.0671550779
          -0.044249904 -0.0787839228 0.05297289 0.0298988102 0.00394603979 0.0541249341 -0.388649942
          -0.694639806 0.195150075 -0.753842161 -0.978459359 0.437624669 0.0383977014 0.0443762737
          0.0388805794 0.122383131 0.130748367 -0.051845264 -0.00315665114 -0.00161431072
          0.0101990134 -0.0930461651 -0.0525476635 -0.110554751 -0.0138678102 -0.0361640212
          -0.0153543163 -0.0651459286 -0.0595100838 0.0110300627 -0.430427354 -0.195214779
          -0.246115768 -0.385183522 -0.266979155 -0.260901711
          """),
        2: golden(
          [2, 8, 2],
          """
          0.0440544043 0.0580430464 -0.00596570895 -0.00652189396 0.021553593 0.0235682908
          -0.0150721236 -0.0159526357 0.00350366394 -0.00892016675 -0.0213705104 -0.030493037
          0.114564594 0.028615357 0.342105518 0.36180454 0.0188493702 -0.0126797601 -0.0771154341
          -0.0625951388 0.0353699712 0.00249667254 -0.077767832 -0.0378451126 0.0451890348
          0.0445415495 0.00446039034 0.00192943575 -0.165673786 -0.253262537 -0.229500175
          -0.154907193
          """),
        3: golden(
          [2, 16],
          """
          0.312752163 -0.0138648324 0.0841536758 0.0131445401 0.276272151 0.207622163 2.44791891
          1.79693758 0.312752163 -0.0138648324 0.0841536758 0.0131445401 0.276272151 0.207622163
          2.44791891 1.79693758 -0.0478285786 -0.0669218865 -0.0123387234 -0.323988013 0.178369688
          -0.0450867586 -1.8817006 -0.945634935 -0.0478285786 -0.0669218865 -0.0123387234
          -0.323988013 0.178369688 -0.0450867586 -1.8817006 -0.945634935
          """),
        5: golden(
          [2, 2, 2],
          """
          0.060291064 0.0324997143 -0.00966112014 0.0764172013 0.133150807 -0.287248647
          0.00631528764 -0.345867719
          """),
        6: golden(
          [2, 2, 2],
          """
          1.06484545 0.185981477 -0.35943204 -0.756415162 -0.153204457 -0.132087589 -0.272667534
          -0.194188912
          """),
      ])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    let small = LSTM(form(hidden: 37, direction: .bidirectional))
    try checkOperator(
      small, recurrentInputs(small, steps: 5, batch: 3, features: 19, lengths: [5, 1, 0], peepholes: true),
      kernelTolerance: 4e-6)
    let single = LSTM(form(hidden: 130, direction: .reverse, isBatchFirst: true))
    try checkOperator(
      single, recurrentInputs(single, steps: 3, batch: 1, features: 33, cells: false), kernelTolerance: 4e-6)
    let functions = RecurrentActivation.Kind.allCases
    for first in stride(from: 0, to: functions.count, by: 3) {
      let three = (0..<3).map { RecurrentActivation(functions[(first + $0) % functions.count]) }
      let op = LSTM(form(hidden: 9, activations: three, clip: 0.7), forgetsByInput: first % 2 == 0)
      try checkOperator(op, recurrentInputs(op, steps: 2, batch: 2, features: 5), kernelTolerance: 4e-6)
    }
  }

  @Test func keepsTheFirstStateOfEmptySequences() throws {
    let op = LSTM(form(hidden: 2))
    let inputs = recurrentInputs(op, steps: 0, batch: 2, features: 3)
    try checkOperator(
      op, inputs,
      expected: [Tensor([] as [Float], shape: [0, 1, 2, 2])] + [inputs[5], inputs[6]].compactMap { $0 })
  }

  @Test func refusesWhatDoesNotFit() throws {
    let op = LSTM(form(hidden: 2))
    let inputs = recurrentInputs(op, steps: 2, batch: 2, features: 3, lengths: [2, 1], peepholes: true)
    let facts = inputs.map { $0.map { Fact($0.elementType, $0.shape) } }
    for index in facts.indices {
      var changed = facts
      changed[index] = Fact(facts[index]?.type ?? .float32, [3])
      #expect(throws: ShapeError.self, "input \(index)") { try op.outputs(changed) }
    }
    #expect(throws: ShapeError.self) { try op.outputs(Array(facts.prefix(2))) }
    #expect(throws: ShapeError.self) { try LSTM(form(hidden: 3)).outputs(facts) }
    for length in [-1, 3] as [Int32] {
      var changed = inputs
      changed[4] = Tensor([2, length])
      #expect(throws: EvaluationError.self) { try op.evaluate(changed) }
    }
    for attributes: [String: AttributeValue] in [
      ["direction": .string("sideways")], ["activations": .strings(["Sigmoid", "Tanh", "Gelu"])],
      ["layout": .int(2)], ["clip": .float(-1)], ["strange": .int(1)],
      ["activations": .strings(["Sigmoid", "Affine", "Tanh"])],
    ] {
      #expect(
        graphErrorKind { try importNode(LSTM.self, opset: 14, inputs, attributes) } == .unsupportedFeature)
    }
    #expect(
      graphErrorKind { try importNode(LSTM.self, opset: 7, inputs, ["activations": .strings(["Tanh"])]) }
        == .structure)
  }

  @Test func throwsForLengthsOutOfRangeInPlans() throws {
    let op = LSTM(form(hidden: 2))
    let inputs = recurrentInputs(op, steps: 2, batch: 2, features: 3, lengths: [2, 1])
    let (graph, named) = try graph(of: op, inputs, constants: [])
    let plan = try Plan(graph, parameters: Parameters())
    var workspace = plan.makeWorkspace(for: Executor(threads: 1))
    var changed = named
    changed["x4"] = Tensor([3, 1] as [Int32])
    #expect(throws: (any Error).self) { try plan.run(changed, in: &workspace) }
    #expect(try plan.run(named, in: &workspace)["y1"] != nil)
  }
}
