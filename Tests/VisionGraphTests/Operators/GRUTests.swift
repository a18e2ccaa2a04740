import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// Golden values are ONNX Runtime 1.32's, and gradients PyTorch 2.13's in float64.
@Suite struct GRUTests {
  private func form(
    hidden: Int, direction: RecurrentForm.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false
  ) -> RecurrentForm {
    recurrentForm(
      GRU.self, hidden: hidden, direction: direction, activations: activations, clip: clip,
      isBatchFirst: isBatchFirst)
  }

  @Test func computesOneDirection() throws {
    let op = GRU(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        golden(
          [3, 1, 2, 2],
          """
          -0.0153055377 -0.426351309 -0.532092988 -0.544595778 -0.284850687 -0.482035816
          -0.180055425 -0.613956451 -0.27210924 -0.475260675 -0.422993451 -0.589015245
          """),
        golden(
          [1, 2, 2],
          """
          -0.27210924 -0.475260675 -0.422993451 -0.589015245
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesWithoutOptionalInputs() throws {
    let op = GRU(form(hidden: 2))
    try checkOperator(
      op, recurrentInputs(op, steps: 2, batch: 1, features: 3, biases: false, states: false),
      expected: [
        golden(
          [2, 1, 1, 2],
          """
          0.169161201 -0.128365427 -0.150394812 0.0798946023
          """),
        golden(
          [1, 1, 2],
          """
          -0.150394812 0.0798946023
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func appliesResetLast() throws {
    let op = GRU(form(hidden: 2), appliesResetLast: true)
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        golden(
          [3, 1, 2, 2],
          """
          0.160895124 -0.384976894 -0.489754349 -0.43482995 -0.147613943 -0.346708715 0.0177736282
          -0.492559195 -0.0500505641 -0.27267006 -0.299396336 -0.393704295
          """),
        golden(
          [1, 2, 2],
          """
          -0.0500505641 -0.27267006 -0.299396336 -0.393704295
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func readsBackwardsWhatALengthLeaves() throws {
    let op = GRU(form(hidden: 3, direction: .reverse))
    try checkOperator(
      op, recurrentInputs(op, steps: 4, batch: 3, features: 2, lengths: [4, 2, 1]),
      expected: [
        golden(
          [4, 1, 3, 3],
          """
          0.138508216 0.00339339674 -0.37743789 0.101856634 0.0847621411 -0.259550214 0.0680564195
          -0.0779322013 0.10294801 -0.0503192283 -0.126908928 -0.247008532 0.288850009 0.264419824
          -0.10292241 0 0 0 0.15246591 -0.0214093626 -0.467837453 0 0 0 0 0 0 -0.0577314608
          -0.249585733 -0.360460311 0 0 0 0 0 0
          """),
        golden(
          [1, 3, 3],
          """
          0.138508216 0.00339339674 -0.37743789 0.101856634 0.0847621411 -0.259550214 0.0680564195
          -0.0779322013 0.10294801
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func computesBothDirectionsWithFunctionsAndClip() throws {
    let op = GRU(
      form(
        hidden: 2, direction: .bidirectional,
        activations: [
          RecurrentActivation(.sigmoid), RecurrentActivation(.affine, alpha: 0.7, beta: 0.1),
          RecurrentActivation(.hardSigmoid, alpha: 0.3, beta: 0.4), RecurrentActivation(.elu, alpha: 0.8),
        ], clip: 0.45), appliesResetLast: true)
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [2, 3]),
      expected: [
        golden(
          [3, 2, 2, 2],
          """
          0.146427512 -0.274537325 -0.301632762 -0.317465127 0.444835007 0.324714065 0.328396618
          -0.0852670744 -0.000294882804 -0.201074988 0.0457905903 -0.277569234 0.475633651
          0.174696714 0.337993115 0.185884908 0 0 -0.0806805119 -0.17521286 0 0 0.323665082
          0.00920916349
          """),
        golden(
          [2, 2, 2],
          """
          -0.000294882804 -0.201074988 -0.0806805119 -0.17521286 0.444835007 0.324714065 0.328396618
          -0.0852670744
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func takesTheBatchFirst() throws {
    let op = GRU(form(hidden: 2, direction: .bidirectional, isBatchFirst: true))
    try checkOperator(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3, lengths: [3, 1]),
      expected: [
        golden(
          [2, 3, 2, 2],
          """
          -0.0153055377 -0.426351309 0.333347738 0.18038249 -0.442496777 -0.408827037 0.133723617
          -0.190761089 -0.333492637 -0.507472277 -0.0753942579 -0.227416351 0.252706081 0.190528348
          0.460668623 0.392638326 0 0 0 0 0 0 0 0
          """),
        golden(
          [2, 2, 2],
          """
          -0.333492637 -0.507472277 0.333347738 0.18038249 0.252706081 0.190528348 0.460668623
          0.392638326
          """),
      ], tolerance: 1e-6, kernelTolerance: 2e-6)
  }

  @Test func hasTheGradientsOfPyTorch() throws {
    let op = GRU(form(hidden: 2, direction: .bidirectional), appliesResetLast: true)
    try checkRecurrentGradients(
      op, recurrentInputs(op, steps: 3, batch: 2, features: 3),
      expected: [
        0: golden(
          [3, 2, 3],
          """
          0.0453929584 0.00343427783 -0.0658353381 0.780211937 -1.24128316 -1.25881644 -0.325448729
          0.444806966 0.509399869 -0.0873764815 -0.383387194 -0.349759255 -0.566297242 0.062555116
          0.0778691465 -0.0221414067 -0.241274726 -0.118712588
          """),
        1: golden(
          [2, 6, 3],
          """
          0.0414078135 0.021468835 -0.0917524797 0.156061146 0.147270213 0.0543536857 0.133673838
          0.161673855 -0.126832329 0.261417299 0.226963088 0.0701442725 -1.0999257 -1.21533474
          0.756045141 -1.16145932 -1.03182187 -0.28864609 0.016177223 0.0248713899 -0.0549783799
          0.335778524 0.351910575 0.18582083 -0.0575516608 -0.00121054292 -0.0586175305 0.151964929
          0.130789838 -0.0468398163 -0.403210087 -0.0953669161 -0.26099682 1.12484704 0.927261442
          -0.496900011
          """),
        2: golden(
          [2, 6, 2],
          """
          -0.0080013175 -0.0654551476 -0.0504909875 -0.0623509719 -0.0436479279 0.063342229
          -0.18486976 -0.181780804 0.343768985 0.0290960413 0.520801243 0.503071455 -0.0439519327
          -0.0407126746 -0.0832189629 -0.0430226042 -0.17468373 -0.0937926036 0.0191522043
          -0.0409912623 -0.3391953 -0.157545688 0.167391834 -0.0489938008
          """),
        3: golden(
          [2, 12],
          """
          0.159511828 0.0703274701 -0.224000137 0.27563369 0.923272335 -1.03709961 0.159511828
          0.0703274701 -0.224000137 0.27563369 0.298624081 -0.754280417 -0.0695533357 -0.12905641
          -0.450728943 0.169400728 -2.46274536 1.5806848 -0.0695533357 -0.12905641 -0.450728943
          0.169400728 -0.916854001 0.756789063
          """),
        5: golden(
          [2, 2, 2],
          """
          -0.0388707637 0.0613585491 -0.630090537 -2.32273159 -0.515765219 -0.96283989 -2.19201458
          0.109723494
          """),
      ])
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    for isLast in [false, true] {
      let small = GRU(form(hidden: 37, direction: .bidirectional), appliesResetLast: isLast)
      try checkOperator(
        small, recurrentInputs(small, steps: 5, batch: 3, features: 19, lengths: [5, 1, 0]),
        kernelTolerance: 4e-6)
      let single = GRU(form(hidden: 130, direction: .reverse, isBatchFirst: true), appliesResetLast: isLast)
      try checkOperator(
        single, recurrentInputs(single, steps: 3, batch: 1, features: 33, states: false),
        kernelTolerance: 4e-6)
      let functions = RecurrentActivation.Kind.allCases
      for first in stride(from: 0, to: functions.count, by: 2) {
        let two = (0..<2).map { RecurrentActivation(functions[(first + $0) % functions.count]) }
        let op = GRU(form(hidden: 9, activations: two, clip: 0.7), appliesResetLast: isLast)
        try checkOperator(op, recurrentInputs(op, steps: 2, batch: 2, features: 5), kernelTolerance: 4e-6)
      }
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    let op = GRU(form(hidden: 2))
    let inputs = recurrentInputs(op, steps: 2, batch: 2, features: 3, lengths: [2, 1])
    let facts = inputs.map { $0.map { Fact($0.elementType, $0.shape) } }
    for index in facts.indices {
      var changed = facts
      changed[index] = Fact(facts[index]?.type ?? .float32, [3])
      #expect(throws: ShapeError.self, "input \(index)") { try op.outputs(changed) }
    }
    #expect(
      graphErrorKind { try importNode(GRU.self, opset: 7, inputs, ["input_forget": .int(1)]) }
        == .unsupportedFeature)
  }
}
