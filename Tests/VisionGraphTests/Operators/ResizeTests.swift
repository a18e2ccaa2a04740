import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

@Suite struct ResizeTests {
  @Test func takesTheNearest() throws {
    try checkOperator(
      Resize(ResizeSampling(coordinates: .halfPixel, rounding: .floor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 2.125 1.625 1.625 -2.5 -2.5 2.125 2.125 1.625 1.625 -2.5 -2.5 2.125 2.125 1.625
          1.625 0.625 0.625 0.125 0.125 -0.375 -0.375 0.625 0.625 0.125 0.125 -0.375 -0.375 -1.375 -1.375
          -1.875 -1.875 -2.375 -2.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .halfPixel, rounding: .ceil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 1.625 1.625 1.125 1.125 0.625 0.125 -0.375 -0.375 -0.875 -0.875 0.625 0.125 -0.375
          -0.375 -0.875 -0.875 -1.375 -1.875 -2.375 -2.375 2.25 2.25 -1.375 -1.875 -2.375 -2.375 2.25 2.25
          -1.375 -1.875 -2.375 -2.375 2.25 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .halfPixel, rounding: .roundPreferFloor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 1.625 1.625 1.125 -2.5 -2.5 2.125 1.625 1.625 1.125 0.625 0.625 0.125 -0.375
          -0.375 -0.875 0.625 0.625 0.125 -0.375 -0.375 -0.875 -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .halfPixel, rounding: .roundPreferCeil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 1.625 1.625 1.125 -2.5 -2.5 2.125 1.625 1.625 1.125 0.625 0.625 0.125 -0.375
          -0.375 -0.875 0.625 0.625 0.125 -0.375 -0.375 -0.875 -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .pytorchHalfPixel, rounding: .floor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 2.125 1.625 1.625 -2.5 -2.5 2.125 2.125 1.625 1.625 -2.5 -2.5 2.125 2.125 1.625
          1.625 0.625 0.625 0.125 0.125 -0.375 -0.375 0.625 0.625 0.125 0.125 -0.375 -0.375 -1.375 -1.375
          -1.875 -1.875 -2.375 -2.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .pytorchHalfPixel, rounding: .ceil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 1.625 1.625 1.125 1.125 0.625 0.125 -0.375 -0.375 -0.875 -0.875 0.625 0.125 -0.375
          -0.375 -0.875 -0.875 -1.375 -1.875 -2.375 -2.375 2.25 2.25 -1.375 -1.875 -2.375 -2.375 2.25 2.25
          -1.375 -1.875 -2.375 -2.375 2.25 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .pytorchHalfPixel, rounding: .roundPreferFloor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 1.625 1.625 1.125 -2.5 -2.5 2.125 1.625 1.625 1.125 0.625 0.625 0.125 -0.375
          -0.375 -0.875 0.625 0.625 0.125 -0.375 -0.375 -0.875 -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .pytorchHalfPixel, rounding: .roundPreferCeil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 1.625 1.625 1.125 -2.5 -2.5 2.125 1.625 1.625 1.125 0.625 0.625 0.125 -0.375
          -0.375 -0.875 0.625 0.625 0.125 -0.375 -0.375 -0.875 -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          -1.375 -1.375 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .alignCorners, rounding: .floor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 2.125 1.625 1.125 -2.5 -2.5 2.125 2.125 1.625 1.125 -2.5 -2.5 2.125 2.125 1.625
          1.125 0.625 0.625 0.125 0.125 -0.375 -0.875 0.625 0.625 0.125 0.125 -0.375 -0.875 -1.375 -1.375
          -1.875 -1.875 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .alignCorners, rounding: .ceil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 1.625 1.625 1.125 1.125 0.625 0.125 -0.375 -0.375 -0.875 -0.875 0.625 0.125 -0.375
          -0.375 -0.875 -0.875 -1.375 -1.875 -2.375 -2.375 2.25 2.25 -1.375 -1.875 -2.375 -2.375 2.25 2.25
          -1.375 -1.875 -2.375 -2.375 2.25 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .alignCorners, rounding: .roundPreferFloor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 2.125 1.625 1.625 1.125 -2.5 2.125 2.125 1.625 1.625 1.125 0.625 0.125 0.125 -0.375
          -0.375 -0.875 0.625 0.125 0.125 -0.375 -0.375 -0.875 -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .alignCorners, rounding: .roundPreferCeil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 2.125 1.625 1.625 1.125 -2.5 2.125 2.125 1.625 1.625 1.125 0.625 0.125 0.125 -0.375
          -0.375 -0.875 0.625 0.125 0.125 -0.375 -0.375 -0.875 -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .floor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 -2.5 2.125 2.125 1.625 1.125 -2.5 -2.5 2.125 2.125 1.625 1.125 0.625 0.625 0.125 0.125
          -0.375 -0.875 0.625 0.625 0.125 0.125 -0.375 -0.875 -1.375 -1.375 -1.875 -1.875 -2.375 2.25
          -1.375 -1.375 -1.875 -1.875 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .ceil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 1.625 1.625 1.125 1.125 0.625 0.125 -0.375 -0.375 -0.875 -0.875 0.625 0.125 -0.375
          -0.375 -0.875 -0.875 -1.375 -1.875 -2.375 -2.375 2.25 2.25 -1.375 -1.875 -2.375 -2.375 2.25 2.25
          -1.375 -1.875 -2.375 -2.375 2.25 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .roundPreferFloor)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 2.125 1.625 1.625 1.125 -2.5 2.125 2.125 1.625 1.625 1.125 0.625 0.125 0.125 -0.375
          -0.375 -0.875 0.625 0.125 0.125 -0.375 -0.375 -0.875 -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          -1.375 -1.875 -1.875 -2.375 -2.375 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .roundPreferCeil)),
      [pattern([1, 1, 3, 4]), nil, Tensor([1, 1, 2, 1.6] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 6],
          """
          -2.5 2.125 2.125 1.625 1.125 1.125 0.625 0.125 0.125 -0.375 -0.875 -0.875 0.625 0.125 0.125
          -0.375 -0.875 -0.875 -1.375 -1.875 -1.875 -2.375 2.25 2.25 -1.375 -1.875 -1.875 -2.375 2.25 2.25
          -1.375 -1.875 -1.875 -2.375 2.25 2.25
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling()), [pattern([2, 1, 4, 5]), nil, nil, Tensor([2, 1, 3, 7] as [Int64])],
      constants: [3],
      expected: [
        golden(
          [2, 1, 3, 7],
          """
          -2.5 2.125 2.125 1.625 1.125 1.125 0.625 0.125 -0.375 -0.375 -0.875 -1.375 -1.375 -1.875 0.25
          -0.25 -0.25 -0.75 -1.25 -1.25 -1.75 -2.25 2.375 2.375 1.875 1.375 1.375 0.875 0.375 -0.125
          -0.125 -0.625 -1.125 -1.125 -1.625 0.5 0 0 -0.5 -1 -1 -1.5
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .floor)),
      [Tensor([1, 2, 3, 4] as [UInt8], shape: [1, 1, 2, 2]), nil, Tensor([1, 1, 2, 2] as [Float])],
      constants: [2], expected: [golden([1, 1, 4, 4], "1 1 2 2 1 1 2 2 3 3 4 4 3 3 4 4", .uint8)],
      tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .floor)),
      [pattern([1, 1, 1, 6]), nil, nil, Tensor([1, 1, 1, 10] as [Int64])], constants: [3],
      expected: [golden([1, 1, 1, 10], "-2.5 -2.5 2.125 2.125 1.625 1.125 1.125 0.625 0.625 0.125")],
      tolerance: 2e-6, kernelTolerance: 5e-6)
  }

  @Test func interpolatesLinearly() throws {
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .halfPixel)),
      [pattern([1, 2, 3, 4]), nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 2, 6, 6],
          """
          -2.5 -0.1875 2.0416665 1.7083334 1.375 1.125 -1.71875 -0.046875 1.5416666 1.2083334 0.875 0.625
          -0.15625 0.234375 0.5416666 0.20833337 -0.125 -0.375 0.125 -0.125 -0.45833334 -0.7916666
          -0.484375 -0.09375 -0.875 -1.125 -1.4583333 -1.7916666 -0.203125 1.46875 -1.375 -1.625
          -1.9583334 -2.2916667 -0.0625 2.25 1.75 1.5 1.1666667 0.8333334 0.5 0.25 1.25 1 0.6666667
          0.33333337 0 -0.25 0.25 0 -0.33333328 -0.6666666 -1 -1.25 -0.75 -0.359375 -0.05208333
          -0.38541666 -0.71875 -0.96875 -1.75 -0.078125 1.5104167 1.1770834 0.84375 0.59375 -2.25 0.0625
          2.2916667 1.9583335 1.625 1.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .pytorchHalfPixel)),
      [pattern([1, 2, 3, 4]), nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 2, 6, 6],
          """
          -2.5 -0.1875 2.0416665 1.7083334 1.375 1.125 -1.71875 -0.046875 1.5416666 1.2083334 0.875 0.625
          -0.15625 0.234375 0.5416666 0.20833337 -0.125 -0.375 0.125 -0.125 -0.45833334 -0.7916666
          -0.484375 -0.09375 -0.875 -1.125 -1.4583333 -1.7916666 -0.203125 1.46875 -1.375 -1.625
          -1.9583334 -2.2916667 -0.0625 2.25 1.75 1.5 1.1666667 0.8333334 0.5 0.25 1.25 1 0.6666667
          0.33333337 0 -0.25 0.25 0 -0.33333328 -0.6666666 -1 -1.25 -0.75 -0.359375 -0.05208333
          -0.38541666 -0.71875 -0.96875 -1.75 -0.078125 1.5104167 1.1770834 0.84375 0.59375 -2.25 0.0625
          2.2916667 1.9583335 1.625 1.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .alignCorners)),
      [pattern([1, 2, 3, 4]), nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 2, 6, 6],
          """
          -2.5 0.27500015 2.025 1.725 1.425 1.125 -1.25 0.29500008 1.225 0.9250001 0.625 0.325
          2.9802322e-08 0.315 0.42499995 0.124999985 -0.17500007 -0.475 0.2249999 -0.07500012 -0.37500012
          -0.6750001 -0.56499994 -0.24999982 -0.57500005 -0.875 -1.1750001 -1.475 -0.5449998 1 -1.375
          -1.675 -1.975 -2.2749999 -0.5249995 2.25 1.75 1.4499999 1.15 0.85 0.54999995 0.25 0.95000005
          0.65 0.34999996 0.050000012 -0.25000003 -0.54999995 0.14999996 -0.15000005 -0.45000005 -0.75
          -1.0500001 -1.3499999 -0.6500001 -0.33499992 -0.22499992 -0.52499986 -0.82499987 -1.1249998
          -1.45 0.09500009 1.025 0.72500014 0.425 0.12500012 -2.25 0.5250001 2.2749999 1.9749999 1.675
          1.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .asymmetric)),
      [pattern([1, 2, 3, 4]), nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 2, 6, 6],
          """
          -2.5 0.5833335 1.9583334 1.625 1.2916666 1.125 -0.9375 0.43750006 0.9583334 0.625 0.29166663
          0.125 0.625 0.29166666 -0.041666687 -0.375 -0.7083334 -0.875 -0.375 -0.7083333 -1.0416666 -1.375
          1.7881393e-07 0.6875 -1.375 -1.7083333 -2.0416665 -2.375 0.70833373 2.25 -1.375 -1.7083333
          -2.0416665 -2.375 0.70833373 2.25 1.75 1.4166667 1.0833333 0.75 0.41666663 0.25 0.75 0.4166667
          0.08333327 -0.25 -0.5833334 -0.75 -0.25 -0.5833333 -0.9166667 -1.25 -1.5833333 -1.75 -1.25
          0.12500006 0.6458333 0.3125 -0.020833313 -0.1875 -2.25 0.83333343 2.2083333 1.875 1.5416666
          1.375 -2.25 0.83333343 2.2083333 1.875 1.5416666 1.375
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .linear)),
      [pattern([2, 1, 4, 5]), nil, nil, Tensor([2, 1, 3, 2] as [Int64])], constants: [3],
      expected: [
        golden(
          [2, 1, 3, 2],
          """
          0.765625 0.5833333 0.421875 -0.1875 0.07812509 -0.9583332 1.015625 0.83333325 0.671875 0.0625
          0.3281251 -0.70833313
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .pytorchHalfPixel)),
      [pattern([1, 1, 4, 4]), nil, nil, Tensor([1, 1, 1, 3] as [Int64])], constants: [3],
      expected: [golden([1, 1, 1, 3], "-1.7291665 1.875 1.2083334")], tolerance: 2e-6, kernelTolerance: 5e-6)
  }

  @Test func interpolatesCubically() throws {
    try checkOperator(
      Resize(ResizeSampling(mode: .cubic)),
      [pattern([1, 1, 4, 4]), nil, Tensor([1, 1, 2, 1.5] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 8, 6],
          """
          -3.2779875 -0.19995117 2.721256 2.040779 1.5390625 1.2925351 -2.0223634 0.057128906 1.9829202
          1.4331266 0.8552246 0.5029689 0.07053971 0.5053711 0.79275763 0.46262312 -0.27807617 -0.8417883
          0.48192528 -0.08178711 -0.8256148 -1.1682615 -0.7751465 -0.23458719 -1.082559 -1.4348145
          -2.0220997 -2.6094298 -0.36645508 2.03022 -0.83452713 -1.0810547 -1.5626116 -2.162454 0.07739258
          2.474068 1.015083 0.7685547 0.34191197 -0.038271658 0.34545898 0.88601846 2.1229935 1.8764648
          1.4824926 1.2329919 0.5124512 -0.051260814
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .cubic, cubicCoefficient: -0.5, excludesOutside: true)),
      [pattern([1, 1, 4, 4]), nil, Tensor([1, 1, 1.5, 0.8] as [Float])], constants: [2],
      expected: [
        golden(
          [1, 1, 6, 3],
          """
          -2.304616 2.4691396 1.3971606 -0.7311141 1.3259422 0.23768926 0.4683508 -0.50658906 -0.6686691
          -1.3205018 -2.241241 0.5593746 0.12495202 -0.64496934 0.6416194 1.9187795 1.2829093 0.36760986
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
    try checkOperator(
      Resize(ResizeSampling(mode: .cubic, coordinates: .alignCorners)),
      [pattern([1, 1, 4, 5]), nil, nil, Tensor([1, 1, 7, 3] as [Int64])], constants: [3],
      expected: [
        golden(
          [1, 1, 7, 3],
          """
          -2.5 1.625 0.625 -0.953125 0.12890625 -0.87109375 0.125 -0.875 -1.875 -1.125 0.4375 -0.5625
          -2.375 1.75 0.75 -1.296875 0.74609375 -0.25390625 0.25 -0.75 -1.75
          """)
      ], tolerance: 2e-6, kernelTolerance: 5e-6)
  }

  @Test func crops() throws {
    try checkOperator(
      Resize(ResizeSampling(mode: .linear, coordinates: .tensorFlowCropAndResize, extrapolation: 10)),
      [
        pattern([1, 1, 4, 4]), Tensor([0, 0, 0.4, 0.6, 1, 1, 1.2, 1.7] as [Float]), nil,
        Tensor([1, 1, 3, 3] as [Int64]),
      ], constants: [1, 3], expected: [golden([1, 1, 3, 3], "-0.6750002 10 10 -1.0249996 10 10 10 10 10")],
      tolerance: 2e-6, kernelTolerance: 5e-6)
  }

  @Test func roundsExtentsInSinglePrecision() throws {
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .floor)),
      [pattern([1, 1, 1, 3]), nil, Tensor([1, 1, 1, 2.3333333] as [Float])], constants: [2],
      expected: [golden([1, 1, 1, 7], "-2.5 -2.5 -2.5 2.125 2.125 1.625 1.625")], tolerance: 2e-6,
      kernelTolerance: 5e-6)
  }

  @Test func readsOtherForms() throws {
    try expectClose(
      importNode(
        Resize.self, opset: 10, [pattern([1, 1, 2, 3]), Tensor([1, 1, 2, 2] as [Float])],
        ["mode": .string("nearest")])[0],
      golden(
        [1, 1, 4, 6],
        """
        -2.5 -2.5 2.125 2.125 1.625 1.625 -2.5 -2.5 2.125 2.125 1.625 1.625 1.125 1.125 0.625 0.625
        0.125 0.125 1.125 1.125 0.625 0.625 0.125 0.125
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Resize.self, opset: 10, [pattern([1, 1, 4, 6]), Tensor([1, 1, 0.5, 0.6] as [Float])],
        ["mode": .string("nearest")])[0], golden([1, 1, 2, 3], "-2.5 1.625 0.625 1.75 0.75 -0.25"),
      tolerance: 1e-6)
    try expectClose(
      importNode(
        Resize.self, opset: 10, [pattern([1, 1, 2, 3]), Tensor([1, 1, 2, 2] as [Float])],
        ["mode": .string("linear")])[0],
      golden(
        [1, 1, 4, 6],
        """
        -2.5 -0.1875 2.125 1.875 1.625 1.625 -0.6875 0.34375 1.375 1.125 0.875 0.875 1.125 0.875 0.625
        0.375 0.125 0.125 1.125 0.875 0.625 0.375 0.125 0.125
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Resize.self, opset: 11,
        [
          pattern([1, 1, 2, 3]), Tensor([] as [Float]), Tensor([] as [Float]),
          Tensor([1, 1, 4, 4] as [Int64]),
        ], ["mode": .string("linear")])[0],
      golden(
        [1, 1, 4, 4],
        """
        -2.5 0.390625 1.9375 1.625 -1.59375 0.49609375 1.5625 1.25 0.21875 0.70703125 0.8125 0.5 1.125
        0.8125 0.4375 0.125
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Resize.self, opset: 18, [pattern([1, 1, 2, 3]), nil, Tensor([2, 1.5] as [Float])],
        ["mode": .string("linear"), "axes": .ints([2, 3])])[0],
      golden(
        [1, 1, 4, 4],
        """
        -2.5 -0.1875 2.0416665 1.7083334 -1.59375 0.078125 1.6666667 1.3333333 0.21875 0.609375
        0.9166666 0.5833334 1.125 0.875 0.5416667 0.20833337
        """), tolerance: 1e-6)
    try expectClose(
      importNode(
        Resize.self, opset: 18, [pattern([1, 1, 2, 3]), nil, nil, Tensor([5, 3] as [Int64])],
        ["mode": .string("linear"), "axes": .ints([3, 2])])[0],
      golden(
        [1, 1, 3, 5],
        """
        -2.5 -0.6499998 2.125 1.8249999 1.625 -0.6875 0.13750009 1.375 1.0749999 0.875 1.125 0.92499995
        0.625 0.32499993 0.125
        """), tolerance: 1e-6)
  }

  @Test func refusesWhatDoesNotFit() throws {
    #expect(throws: ShapeError.self) { try Resize(ResizeSampling()).outputs([Fact(.float32, [1, 1, 2, 2])]) }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([
        Fact(.float32, [1, 1, 2, 2]), nil, Fact(constant: Tensor([2, 2] as [Float])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([
        Fact(.float32, [1, 1, 2, 2]), nil, Fact(constant: Tensor([1, 1, 0, 1] as [Float])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([Fact(.float32, [1, 1, 2, 2]), nil, Fact(.float32, [4])])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([
        Fact(.float32, [1, 1, 2, 2]), nil, Fact(constant: Tensor([1, 1, 2, 2] as [Float])),
        Fact(constant: Tensor([1, 1, 4, 4] as [Int64])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling(mode: .linear)).outputs([
        Fact(.uint8, [1, 1, 2, 2]), nil, Fact(constant: Tensor([1, 1, 2, 2] as [Float])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling(coordinates: .tensorFlowCropAndResize)).outputs([
        Fact(.float32, [1, 1, 2, 2]), nil, Fact(constant: Tensor([1, 1, 2, 2] as [Float])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([
        Fact(.float32, [1, 0]), nil, nil, Fact(constant: Tensor([1, 2] as [Int64])),
      ])
    }
    #expect(throws: ShapeError.self) {
      try Resize(ResizeSampling()).outputs([
        Fact(.float32, [1, 2]), nil, nil, Fact(constant: Tensor([1, -2] as [Int64])),
      ])
    }
    #expect(
      graphErrorKind {
        try importNode(
          Resize.self, opset: 13, [pattern([1, 1, 2, 2]), nil, Tensor([1, 1, 2, 2] as [Float])],
          ["mode": .string("area")])
      } == .unsupportedFeature)
    #expect(
      graphErrorKind {
        try importNode(Resize.self, opset: 10, [pattern([1, 1, 2, 2]), Tensor([1, 1, 2, 0.5] as [Float])])
      } == .unsupportedFeature)
  }

  @Test func agreesWithItsKernelsOnLargerShapes() throws {
    try checkOperator(
      Resize(ResizeSampling(mode: .linear)),
      [pattern([2, 17, 9, 7]), nil, Tensor([1, 1, 2, 2] as [Float])], constants: [2], kernelTolerance: 2e-6)
    try checkOperator(
      Resize(ResizeSampling(coordinates: .asymmetric, rounding: .floor)),
      [pattern([2, 17, 9, 7]), nil, Tensor([1, 1, 2, 2] as [Float])], constants: [2], kernelTolerance: 2e-6)
  }
}
