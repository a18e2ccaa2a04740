import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are ONNX Runtime 1.32's, and gradients PyTorch 2.13's in float64.
@Suite struct RNNTests {
  private func form(
    hidden: Int, direction: RecurrentForm.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false
  ) -> RecurrentForm {
    recurrentForm(
      RNN.self, hidden: hidden, direction: direction, activations: activations, clip: clip,
      isBatchFirst: isBatchFirst)
  }

  @Test func computesOneDirection() throws {
    let op = RNN(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        golden(
          [3, 1, 2, 2],
          """
          -0.0876649618 0.909632564 -0.405060112 0.281271815 0.194281459 0.707377672 -0.0385538936
          0.862972617 0.153604507 0.828496099 0.172569871 0.593500614
          """),
        golden(
          [1, 2, 2],
          """
          0.153604507 0.828496099 0.172569871 0.593500614
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesWithoutOptionalInputs() throws {
    let op = RNN(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 2, batch: 1, features: 3, biases: false, states: false),
      expected: [
        golden(
          [2, 1, 1, 2],
          """
          0.107010603 0.51127398 0.124125361 -0.531549394
          """),
        golden(
          [1, 1, 2],
          """
          0.124125361 -0.531549394
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func readsBackwardsWhatALengthLeaves() throws {
    let op = RNN(form(hidden: 3, direction: .reverse, activations: [RecurrentActivation(.softplus)]))
    try checkOperator(
      op, recurrentInputs(op, steps: 4, batch: 3, features: 2, lengths: [4, 2, 1]),
      expected: [
        golden(
          [4, 1, 3, 3],
          """
          1.06956577 1.24576342 0.636098683 0.96176827 0.975393891 0.384575874 0.727406085
          1.05943429 0.653440833 1.09296489 1.04260111 0.386839777 0.627122521 1.12892687
          0.872880578 0 0 0 1.0746305 1.13469863 0.495352745 0 0 0 0 0 0 0.520740747 1.32614267
          1.41353118 0 0 0 0 0 0
          """),
        golden(
          [1, 3, 3],
          """
          1.06956577 1.24576342 0.636098683 0.96176827 0.975393891 0.384575874 0.727406085
          1.05943429 0.653440833
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesBothDirectionsWithFunctionsAndClip() throws {
    let op = RNN(
      form(
        hidden: 2, direction: .bidirectional,
        activations: [
          RecurrentActivation(.thresholdedRelu, alpha: 0.2),
          RecurrentActivation(.affine, alpha: 0.6, beta: 0.3),
        ], clip: 0.9))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [2, 3]),
      expected: [
        golden(
          [3, 2, 2, 2],
          """
          0 0.899999976 0 0.2890625 0.0877880901 0.127280265 0.840000033 0.342793316 0.229687482
          0.895312488 0 0.899999976 0.479296893 0.085546881 0.190114751 0.0750952065 0 0 0.200390607
          0.690234363 0 0 0.65800786 0.233789071
          """),
        golden(
          [2, 2, 2],
          """
          0.229687482 0.895312488 0.200390607 0.690234363 0.0877880901 0.127280265 0.840000033
          0.342793316
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func takesTheBatchFirst() throws {
    let op = RNN(
      form(
        hidden: 2, direction: .bidirectional,
        activations: [RecurrentActivation(.leakyRelu, alpha: 0.3), RecurrentActivation(.elu, alpha: 0.9)],
        isBatchFirst: true))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [3, 1]),
      expected: [
        golden(
          [2, 3, 2, 2],
          """
          -0.0263671894 1.52539062 -0.247055203 -0.210504904 0.324554443 0.418548584 0.821044922
          -0.210787877 0.226129532 0.930978775 0.62109375 0.48046875 0.419921875 1.46679688
          -0.125665352 -0.205890924 0 0 0 0 0 0 0 0
          """),
        golden(
          [2, 2, 2],
          """
          0.226129532 0.930978775 -0.247055203 -0.210504904 0.419921875 1.46679688 -0.125665352
          -0.205890924
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func hasTheGradientsOfPyTorch() throws {
    let op = RNN(form(hidden: 2, direction: .bidirectional))
    try checkRecurrentGradients(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        0: golden(
          [3, 2, 3],
          """
          0.704779448 0.561635641 0.418491835 1.05475665 1.15290399 1.25105133 -1.14098834
          -0.972808657 -0.804628978 -1.88239023 -1.45134642 -1.02030261 0.274460109 -0.141483186
          -0.557426482 -0.708664712 -0.410649075 -0.112633438
          """),
        1: golden(
          [2, 2, 3],
          """
          -1.55746083 -1.83342799 0.861776738 -1.527983 -1.26969328 -0.458938617 -0.896674774
          -0.33424292 0.699580303 0.631668778 0.523213727 0.683149251
          """),
        2: golden(
          [2, 2, 2],
          """
          1.14323915 4.01402285 1.09326989 1.3958334 -1.02037701 1.46962491 0.420740442 0.320863151
          """),
        3: golden(
          [2, 4],
          """
          2.20773734 -2.0663178 2.20773734 -2.0663178 -4.49945483 0.867640407 -4.49945483
          0.867640407
          """),
        5: golden(
          [2, 2, 2],
          """
          -0.0121715051 0.000946674279 -0.944999 -0.494921445 -0.106499279 -0.178673127 0.575201149
          0.868089826
          """),
      ])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    let small = RNN(form(hidden: 37, direction: .bidirectional))
    try checkOperator(
      small, recurrentInputs(small, steps: 5, batch: 3, features: 19, lengths: [5, 1, 0]),
      kernelTolerance: 4e-6)
    let single = RNN(form(hidden: 130, direction: .reverse, isBatchFirst: true))
    try checkOperator(
      single, recurrentInputs(single, steps: 3, batch: 1, features: 33, states: false), kernelTolerance: 4e-6)
    for kind in RecurrentActivation.Kind.allCases {
      let op = RNN(form(hidden: 9, activations: [RecurrentActivation(kind)], clip: 0.7))
      try checkOperator(op, recurrentInputs(op, steps: 2, batch: 2, features: 5), kernelTolerance: 4e-6)
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let op = RNN(form(hidden: 2))
    let inputs = recurrentInputs(op, steps: 2, batch: 2, features: 3, lengths: [2, 1])
    let facts = inputs.map { $0.map { Fact($0.elementType, $0.shape) } }
    for index in facts.indices {
      var changed = facts
      changed[index] = Fact(facts[index]?.type ?? .float32, [3])
      #expect(throws: ShapeError.self, "input \(index)") { try op.outputs(changed) }
    }
    #expect(
      graphErrorKind { try importNode(RNN.self, opset: 7, inputs, ["direction": .int(1)]) } == .structure)
  }
}
