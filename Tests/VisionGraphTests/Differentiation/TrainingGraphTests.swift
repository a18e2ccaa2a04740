import Testing
import VisionGraph
import VisionTensor
import VisionTestSupport

/// A small network whose training takes every usual turn, against central differences and against PyTorch.
@Suite struct TrainingGraphTests {
  /// Convolution, BatchNormalization, ReLU, pooling, a residual around a grouped convolution and SiLU, a dense layer.
  private func network(_ type: ElementType = .float64) throws -> (graph: Graph, parameters: Parameters) {
    let builder = GraphBuilder()
    var parameters = Parameters()
    func parameter(_ name: String, _ tensor: Tensor, over divisor: Double = 1) throws -> Value {
      parameters[name] = Tensor(
        doubles: tensor.doubles.map { $0 / divisor }, shape: tensor.shape, elementType: type)
      return try builder.parameter(name, shape: tensor.shape, type: type, initializer: .zeros)
    }
    let x = try builder.input(
      "x", type: type, dimensions: [.symbolic("N"), .fixed(2), .fixed(6), .fixed(6)])
    let same = Window(kernel: [3, 3], padding: .explicit([1, 1, 1, 1]))
    var y = try builder.add(
      Conv(window: same), x, parameter("conv1w", pattern([4, 2, 3, 3], seed: 1), over: 2))
    y = try builder.add(
      BatchNormalization(momentum: 0.75), y, parameter("bn1w", positivePattern([4], seed: 2)),
      parameter("bn1b", pattern([4], seed: 3), over: 4), parameter("rm", pattern([4], seed: 8), over: 8),
      parameter("rv", positivePattern([4], seed: 9)), name: "bn1")
    y = try builder.add(Relu(), y)
    y = try builder.add(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), y)
    let z = try builder.add(
      Conv(window: same, groups: 2), y, parameter("conv2w", pattern([4, 2, 3, 3], seed: 4), over: 3),
      parameter("conv2b", pattern([4], seed: 5)))
    y = try builder.add(Add(), y, builder.add(Mul(), z, builder.add(Sigmoid(), z)))
    y = try builder.add(Flatten(), builder.add(GlobalAveragePool(), y))
    y = try builder.add(
      Gemm(transposesB: true), y, parameter("densew", pattern([3, 4], seed: 6)),
      parameter("denseb", pattern([3], seed: 7)))
    try builder.output("logits", y)
    let labels = try builder.input("labels", type: .int64, dimensions: [.symbolic("N")])
    let weights = builder.constant(Tensor([1, 0.5, 2] as [Float]).converted(to: type))
    try builder.output("loss", SoftmaxCrossEntropy(labelSmoothing: 0.1)(y, labels, weights: weights))
    return (builder.graph, parameters)
  }

  private let trained = ["conv1w", "bn1w", "bn1b", "conv2w", "conv2b", "densew", "denseb"]

  private func inputs(_ batch: Int, _ type: ElementType = .float64) -> [String: Tensor] {
    let count = batch * 72
    return [
      "x": Tensor(
        doubles: (0..<count).map { Self.sine(Double($0) * 1.7) }, shape: [batch, 2, 6, 6], elementType: type),
      "labels": Tensor((0..<batch).map { [2, 0, 1][$0 % 3] as Int64 }),
    ]
  }

  private static func sine(_ x: Double) -> Double { Sin().apply(x) }

  @Test func agreesWithPyTorch() throws {
    let (graph, parameters) = try network()
    let training = try graph.applying([TrainingMode()]).bound(batch: 3)
      .differentiated(loss: "loss", withRespectTo: trained)
    let results = try Interpreter(training, parameters: parameters).run(inputs(3))
    for (name, values) in Self.golden {
      let result = try #require(results[name], "\(name)")
      expectClose(result, VisionTestSupport.golden(result.shape, values, .float64), tolerance: 1e-7, name)
    }
  }

  @Test func agreesWithCentralDifferences() throws {
    let (graph, parameters) = try network()
    let training = try graph.applying([TrainingMode()]).bound(batch: 3)
    try checkDerivatives(
      of: training, loss: "loss", withRespectTo: trained + ["x"], inputs: inputs(3), parameters: parameters)
  }

  @Test func agreesWithCentralDifferencesWithFrozenStatistics() throws {
    let (graph, parameters) = try network()
    let frozen = try graph.applying([TrainingMode { _ in true }]).bound(batch: 2)
    try checkDerivatives(
      of: frozen, loss: "loss", withRespectTo: trained + ["x"], inputs: inputs(2), parameters: parameters)
  }

  @Test func canBeBoundToAnotherBatchAfterwards() throws {
    let (graph, parameters) = try network()
    let names = trained + ["x"]
    let training = try graph.applying([TrainingMode()])
    let early = try training.differentiated(loss: "loss", withRespectTo: names).bound(batch: 4)
    let late = try training.bound(batch: 4).differentiated(loss: "loss", withRespectTo: names)
    let expected = try Interpreter(late, parameters: parameters).run(inputs(4))
    let result = try Interpreter(
      early.applying(Graph.trainingPasses()), parameters: parameters
    ).run(inputs(4))
    #expect(expected.count == 12)
    for (name, tensor) in expected.sorted(by: { $0.key < $1.key }) {
      expectClose(try #require(result[name]), tensor, tolerance: 1e-14, name)
    }
  }

  @Test func losesLittleInSinglePrecision() throws {
    let (wide, parameters) = try network()
    let (narrow, single) = try network(.float32)
    func run(_ graph: Graph, _ parameters: Parameters, _ type: ElementType) throws -> [String: Tensor] {
      let training = try graph.applying([TrainingMode()]).bound(batch: 3)
        .differentiated(loss: "loss", withRespectTo: trained)
      return try Interpreter(training.applying(Graph.inferencePasses), parameters: parameters)
        .run(inputs(3, type))
    }
    let expected = try run(wide, parameters, .float64)
    for (name, tensor) in try run(narrow, single, .float32).sorted(by: { $0.key < $1.key }) {
      let exact = try #require(expected[name]).converted(to: .float32)
      expectClose(tensor, exact, tolerance: 1e-5, name)
    }
  }

  /// PyTorch 2.15 in float64: the loss, `.grad` of the parameters, and the running statistics after one step.
  private static let golden: [(name: String, values: String)] = [
    (
      "loss",
      """
      4.831214781879172
      """
    ),
    (
      "gradient of conv1w",
      """
      -0.011030135582664335 -0.04652292578782893 0.02953901223671216 -0.03740143602919979
      0.055683731994832536 -0.11599665220923976 -0.050930255825061985 -0.044779374615781485
      0.18961366666073562 -0.008176519536593043 -0.026206024993404128 -0.099232734899825
      -0.017055116188198827 0.05515646347573115 0.11875992379475969 0.04090836036834131
      -0.13059674907977695 -0.06889251710970982 -0.10225674846709291 0.058495327438809815
      0.0995954009700668 0.028853098329427694 -0.08096822341873422 -0.011354648317852654
      0.012707814611879939 -0.03380214951771665 -0.04259923682960794 -0.019179352195442003
      -0.09998071316896974 0.05417464253097911 0.0625964745947266 0.007557172099939835
      -0.0752964827055834 -0.007210129880108024 0.04402442610399668 -0.04088661495639509
      -0.03421646156218461 -0.057664215678155606 0.05135721333241749 0.03580982536603376
      0.0346461561229477 -0.06887916369025433 -0.0448437791215546 0.05354538881080909
      0.05536800031852935 0.029569206448910517 -0.05455314474783709 -0.062434243305979534
      -0.03161069755908926 0.07492610516606654 0.027823190546388946 -0.02900881808605721
      -0.07693202996088563 0.050090241627407356 -0.0008550030510369834 -0.004476376734228539
      -7.338894031368061e-05 -0.0007316593820346041 -0.0053442143500888805 0.0009638285401314216
      -0.001807418898287504 0.007573853726574305 0.00336588848377688 -0.00670859279735437
      0.004306744314026363 0.002701239261216677 0.016510251377490327 0.0028215686402194105
      -0.013207718271212185 -0.011121637099427512 -0.012287000643962688 0.012158507620983354
      """
    ),
    (
      "gradient of bn1w",
      """
      2.023544570810835 1.3059527618468805 0.8726101250870626 0.09810774892257983
      """
    ),
    (
      "gradient of bn1b",
      """
      1.7724724652647845 1.1738692472399737 0.7778797185694072 0.09802377496746889
      """
    ),
    (
      "gradient of conv2w",
      """
      0.47555203592157025 0.8041443499791553 0.528463962713551 0.9483659153128261 1.3811762539893655
      0.9214175175462176 0.5608556320606188 0.795514117796573 0.5193257588958182 0.44205983875857835
      0.667402212160713 0.4878903325917284 0.6973927980442215 1.1234457635817794 0.7462615042719161
      0.4197302892044412 0.5784360154874073 0.35956894774565684 -0.040803395488242133
      0.039595473937561264 0.08388091476115532 0.1594311617760514 0.4535147335255344
      0.4276744300031138 0.15050204176673482 0.3920815842341955 0.3967342306199453 -0.0360698054179027
      0.0356698336576911 0.07038111853998456 0.15158209462616323 0.4021542001647842 0.4753186570459681
      0.11065423317745349 0.34362821874881766 0.280777991927255 -0.035891389456336464
      -0.046670951494526484 -0.028146579383887926 -0.05167732149955845 -0.07057216060687271
      -0.04278095642324074 -0.0365011945335728 -0.04705981233171011 -0.03526894212818696
      -0.01551343365145045 -0.024899131153057925 -0.01232206344385473 -0.03243197551262854
      -0.04178494403985249 -0.026914307605520757 -0.024539821095355366 -0.036640053701273836
      -0.02549774617591763 -0.003543119295092198 -0.013310066362760734 -0.018624732752265963
      0.003102687669244278 -0.008755371487179232 0.023414585915933397 -7.447299343416036e-05
      -0.00016000031723304754 -0.0002156448381895361 -0.004421572910073619 0.003957963971743347
      0.013169332006736223 -0.006724045566705625 0.017967685186564754 0.013362012966244098
      0.0019447073648859873 -0.0010975102562017277 -0.001339051114755845
      """
    ),
    (
      "gradient of conv2b",
      """
      0.6648385147323852 0.21231577389803358 -0.05638365769516039 0.000690911550766872
      """
    ),
    (
      "gradient of densew",
      """
      -0.959593173860347 -0.5734688339156765 -0.33578725410674615 -0.2236185339680128
      -0.5281357144019956 -0.3117208028493021 -0.14578487416834973 -0.1253441702479218
      1.4877288882623427 0.8851896367649785 0.4815721282750959 0.34896270421593456
      """
    ),
    (
      "gradient of denseb",
      """
      -0.28520170357310975 -0.14285713723037152 0.4280588408034813
      """
    ),
    (
      "update of rm",
      """
      -0.15164765480234993 -0.21468447491869588 0.21474456280139695 0.17658082586699717
      """
    ),
    (
      "update of rv",
      """
      2.128442632436508 2.022562931124722 1.2636432357196488 2.0223294027592127
      """
    ),
  ]
}
