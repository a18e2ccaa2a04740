import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct GeluTests {
  @Test func givesGoldenValues() throws {
    try checkOperator(
      Gelu(),
      [
        Tensor(
          [-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, -6, -8] as [Float])
      ],
      expected: [
        Tensor(
          [
            0, -0, -0.015524163, -0.15865526, -0.15426877, 0, 0.14967658, 0.34573123, 0.8413448, 2.9959502,
            100, .infinity, .nan, -5.9195258e-09, -4.9767683e-15,
          ] as [Float])
      ])
  }

  @Test func keepsScalarsAndEmptyTensors() throws {
    // 1 + erf cancels below zero: the kernel is 1.02e-6 of this output away on every instruction set.
    try checkOperator(
      Gelu(), [Tensor(scalar: Float(-2.5))], expected: [Tensor(scalar: Float(-0.015524163))],
      kernelTolerance: 2e-6)
    try checkOperator(
      Gelu(), [Tensor([] as [Float], shape: [0, 3])], expected: [Tensor([] as [Float], shape: [0, 3])])
  }

  @Test func computesInDouble() throws {
    try checkOperator(
      Gelu(),
      [
        Tensor(
          [-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan, -6, -8] as [Double])
      ],
      expected: [
        Tensor(
          [
            0, -5.507248237212663e-88, -0.015524163314440348, -0.15865525393145707, -0.15426876936299344, 0,
            0.14967658142073093, 0.34573123063700656, 0.8413447460685429, 2.99595030590511, 100, .infinity,
            .nan, -5.919525870226207e-09, -4.9767684594174555e-15,
          ] as [Double])
      ], tolerance: 1e-15)
  }

  @Test func refusesBools() {
    #expect(throws: ShapeError.self) { try Gelu().outputs([Fact(.bool, [2])]) }
  }

  @Test func refusesAMissingInput() {
    #expect(throws: ShapeError.self) { try Gelu().outputs([]) }
  }

  @Test func refusesAttributesThatItDoesNotKnow() {
    #expect(
      graphErrorKind { try importNode(Gelu.self, opset: 20, [Tensor([1] as [Float])], ["strange": .int(1)]) }
        == .unsupportedFeature)
  }

  @Test func approximatesByTanh() throws {
    try checkOperator(
      Gelu(approximation: .tanh),
      [Tensor([-.infinity, -20, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 3, 100, .infinity, .nan] as [Float])],
      expected: [
        Tensor(
          [
            0, -0, -0.015084266, -0.15880801, -0.154286, 0, 0.14967535, 0.345714, 0.841192, 2.9963627, 100,
            .infinity, .nan,
          ] as [Float])
      ])
  }

  @Test func refusesOtherApproximations() {
    #expect(
      graphErrorKind {
        try importNode(Gelu.self, opset: 20, [Tensor([1] as [Float])], ["approximate": .string("sigmoid")])
      } == .unsupportedFeature)
  }
}
