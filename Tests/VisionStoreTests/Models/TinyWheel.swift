import VisionImage
import VisionStore
import Foundation

/// A wheel with LeNet-5 in it, as `torch.save` and `zipfile` write them: weights (i mod 16 − 7.5) / 64 · (1 + t mod 3)
/// for element i of tensor t.
enum TinyWheel {
  static let name = "tiny_model-1.0-py3-none-any.whl"
  static let bytes = decoded(text)
  /// SHA-256 of the checkpoint in `bytes`.
  static let sha256 = "d71c33f9413bccc022d938298c44111ea7be31781f6d4a3899a5ad0b7d5c57b8"

  /// The same wheel, whose checkpoint has no `fc3.bias` but an `fc9.bias`.
  static let otherBytes = decoded(otherText)
  /// SHA-256 of the checkpoint in `otherBytes`.
  static let otherSHA256 = "92fefa478c97e978eccd5512874ae37b32e21685a6968badaf6859564ddec1d3"

  /// The manifest's entry for it.
  static func model(name: String = "tiny", sha256: String = sha256, license: String = "MIT") throws
    -> PretrainedModel
  {
    try PretrainedModel(
      name: name, wheel: Wheel(package: "tiny-model", version: "1.0"), file: "tiny_model/models/lenet5.pth",
      sha256: sha256,
      architecture: "lenet5",
      preprocessing: Preprocessing(width: 28, height: 28, fit: .squash, channels: .gray, scale: [1.0 / 255]),
      labels: .names((0..<10).map { "digit \($0)" }), license: license, parameterCount: 61_706,
      downloadMegabytes: 0.002)
  }

  private static func decoded(_ text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text) ?? Data()) }

  private static let text = """
    UEsDBBQAAAAIAAAAIVCSB5fLAgcAAJTJAwAcAAAAdGlueV9tb2RlbC9tb2RlbHMvbGVuZXQ1LnB0aO3aS29baR0GcOfempnB3CnXcK2H\
    S3CcpElgmgkwlMKhMxlPkLxBSSc1tVEU501OSkAaKYumAlZZdZVFlyy76G4g6kfoR+iWXbdILPif2Ik0wpFYsKI/R4+T2Of3nL/f99gr\
    Hwz/pbz5r+Mb/5z83V9XrkwdDN/6x0jcf5BK1WalVCpt73Tz7kZ3c+1ea2e3091KQ3FA89V4ZrOT55uttdbWnc7trTT8p2Y5Hsz/sN1a\
    2+38sbWbRj5Io9XmWDy42+7u5GksG26OxH+drTyNZ6PN0aKju3U3TWSje3txzo04zWZrI4+z7Jbf2bnT2mndeauzkZdT6fVGGqo2Xwmx\
    0d26Nz31+1bnbjtPwxt5d2ejPbW2l3c2d8trO6339zqbd9by1tZud2ftXr2cRqrV5kQxQxx5+24rjfZI+cZm93b+Xu/BchprvhbHLM7W\
    pqdnFmbr89Nz9VoaPx13Y3svJnz4dp4uvZuVqtl4NpSNZWN5ulzNrsTPWDaUp/Kf28WMH8vTK4306ulK9AZ9v3N7N73Wjinao+2PnmWm\
    dm2uvpA+3p7IxqO9Eu3Z+GH6RDZ0mD7Z6/tUnj7dSJ85f+H1sxf+2Qsa5xZj7s+1J26tX47Kz58OXImRTwe+Us0eng38hd4JvpinLzXS\
    l88HrvcG/srA+tri4sx0PX01Bq5E+2QxcOUwfa0Y+Ou9vm/k6ZuN9K3Tvt9unO/Ttwf21ecW5mPcqzHuwYdRWC0K928dDT1Ir8d9Fr+/\
    06v9bp6+10jfb17q154OOXXRqtZna+kHMeR+dNZOOw/TdDFkvdc2k6fZRprrD3m+ptcu6Fucn7+W5os1vRqFC0Xharb/IC1m+8WIP+yV\
    /ihPbzTS9f6I/XVc+s/KuVrtWq1WX1hIb8aIq9G4fNp4mH5cjPiTXttP8/RWI/2sP+LM2Yg3LuibjX1PP48Rb45E4c2isJytPki/iElj\
    xF/2SrM8/aqRbvVHnOmN+PYFldP12YX0ToxYjsaV08bD9G4xYqPX9l6eVhvp18Ub9zfFh8WAK2Vo0HYPD3qrjQy6jkcHbezA99D4oC2b\
    GLTolwa9zMuDlrPcmio+/3q3F38vlZ5FHkeOIuuRycjTv8WTRd6IvyOT1+O5yFHkceRZ5MX1gw/PerZPSqWVSC1SiTyPjkeR5chB9BxE\
    x3KYR5HnkcpSHBtZiWwv8TzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP\
    8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zzP8zz/8vmHpbPbizj+WeRx5CiyHpmMPI2OUpHoeRqZjI71yFHkceRZ5MV1nh/k1y+fXV9P4to8\
    jtyPNCPVk5456p+j6D7qd1Xj2mxG7keOI0+WeJ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7nX1a/X/I9rJfBj5/v8/bJoO+Frl/1fU+e\
    53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me53me\
    53me53me53me53me53me53me53me53me53me53me53me53me5/+3frV0dts+KZVWIrVIJfI8Oh5FliMH0XMQHcthHkWeRypLcWxkJbK9\
    xH/Ul8/X9b/bn5sjZ8c/CX8cuR9pRqonvY6jvin28qi/99U4bzNyP3IcebLE8zzP8zzP8zz//+L/DVBLAwQUAAAACAAAACFQuyjtRxMA\
    AAARAAAAIQAAAHRpbnlfbW9kZWwtMS4wLmRpc3QtaW5mby9NRVRBREFUQfNLzE21UijJzKvUzc1PSc3hAgBQSwECFAMUAAAACAAAACFQ\
    kgeXywIHAACUyQMAHAAAAAAAAAAAAAAAgAEAAAAAdGlueV9tb2RlbC9tb2RlbHMvbGVuZXQ1LnB0aFBLAQIUAxQAAAAIAAAAIVC7KO1H\
    EwAAABEAAAAhAAAAAAAAAAAAAACAATwHAAB0aW55X21vZGVsLTEuMC5kaXN0LWluZm8vTUVUQURBVEFQSwUGAAAAAAIAAgCZAAAAjgcA\
    AAAA
    """

  private static let otherText = """
    UEsDBBQAAAAIAAAAIVBCP4lBAAcAAHjJAwAcAAAAdGlueV9tb2RlbC9tb2RlbHMvbGVuZXQ1LnB0aO3aO29b9xkGcOpus0nK3ute1auZ\
    XlSKurexoraJ6/bUicKoAJdCcmTWYiGI+ktHrloggAbLaDtp8qTBY0cP3tIK/gj+CF67eS3QIe8RKQFBqC1T/DvCQ4rk+T3n5fkfcuLB\
    4D/Lm/8/vv6/8T//a/nKxMHgzf8Oxe37qVRtVkql0vZOJ++sdzZX77Z2dtudrTQQOzRfjlc223m+2Vptbd1u39pKg39vluPJ/K/brdXd\
    9t9au2no/TRcbY7Ek7sbnZ08jWSDzaF41N7K02g23BwuOjpbd9JYNry3F8dcj8NsttbzOMpu+e2d262d1u032ut5OZVebaSBavOlEOud\
    rbuTE39pte9s5GlwPe/srG9MrO7l7c3d8upO67299ubt1by1tdvZWb1bL6eharU5VswQe96600rDXVK+vtm5lb/bfbKcRpqvxD4L07XJ\
    yan56frc5Ey9lkZPx13f3osJH7yVp0vvZKVqNpoNZCPZSJ4uV7Mr8TeSDeSp/I+NYsbP5OmlRnr59Ex0B32vfWs3vbIRU2wMb3z0KFO1\
    2Zn6fPrsxlg2Gu2VaM9GD9PnsoHD9Plu3xfy9MVG+tL5G6+fvfEvX9A4sxBzf2Vj7Oba5aj86unAlRj5dOAr1ezB2cBf6x7g63n6RiN9\
    83zgenfgb/Wtry0sTE3W07dj4Eq0jxcDVw7Td4qBv9vt+16evt9IPzjt+9P6+Tr9sG9ffWZ+Lsa9GuMefBCF1aJw/+bRwP30atxmcf+j\
    bu2P8/STRvpp81Kv9nTIiYvOan26ln4WQ+5HZ+208zBNFkPWu21TeZpupJnekOfndPaCvoW5udk0V5zTq1E4XxSuZPv300K2X4z4827p\
    L/L0WiNd643YO4+LH6+cqdVma7X6/Hx6PUZcical08bD9MtixF91236dpzca6c3eiFNnI16/oG861j39Jka8MRSFN4rCcrZyP/02Jo0R\
    f9ctzfL0+0a62RtxoTviWxe86/na7HR6O0YsGpeLxqHD9E4xYqPb9m6eVhrpD8UH94/Fl0WfK2Wg33IP9vuoDfW7jof7LWzfz9Bov+HH\
    +q3jpX4rcbnf6Sy3Jorvv+72/D+l0tPIo8hRZC0yHnny73ixyGvxf2T8WrwWOYo8ijyNPL928MFZz/ZJqbQcqUUqkWfR8TCyFDmInoPo\
    WArzMPIsUlmMfSPLke1Fnud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5nud5\
    nud5nud5nud5nud5nud5nud5nud5nud5nudfPP+gdLY9j/2fRh5FjiJrkfHIk+goFYmeJ5Hx6FiLHEUeRZ5Gnl/j+X5+7fLZ9fU4rs3j\
    yL1IM1I96Zqj3jGK7qNeVzWuzWbkXuQ48niR53me53me53me53me53me53me53me53me53n+RfX7Jb/DehH86Pk6b5/0+13oUOnj29pV\
    vwHleZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7n\
    eZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7neZ7nef6T9Suls237pFRajtQilciz6HgYWYocRM9BdCyFeRh5Fqksxr6R\
    5cj2Iv9Rf2Po7Lw+jsfHkXuRZqR60l2zo94aFWtz1FvLavQ0I/cix5HHizzP8zzP8zzP858W/yFQSwMEFAAAAAgAAAAhULso7UcTAAAA\
    EQAAACEAAAB0aW55X21vZGVsLTEuMC5kaXN0LWluZm8vTUVUQURBVEHzS8xNtVIoycyr1M3NT0nN4QIAUEsBAhQDFAAAAAgAAAAhUEI/\
    iUEABwAAeMkDABwAAAAAAAAAAAAAAIABAAAAAHRpbnlfbW9kZWwvbW9kZWxzL2xlbmV0NS5wdGhQSwECFAMUAAAACAAAACFQuyjtRxMA\
    AAARAAAAIQAAAAAAAAAAAAAAgAE6BwAAdGlueV9tb2RlbC0xLjAuZGlzdC1pbmZvL01FVEFEQVRBUEsFBgAAAAACAAIAmQAAAIwHAAAA\
    AA==
    """
}
