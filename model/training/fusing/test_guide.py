"""The programs of docs/guides/fusing.md write graphs that answer as the network with the steps around it in Python."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import checker

from fusing.originals import IR_VERSION, OPSET
from fusing.recipes import Recipe, open_session, read_programs, read_recipes, run_guide, run_program

TOLERANCE = 2e-6


class GuideTest(unittest.TestCase):
    """One directory with what every program of the guide has written."""

    @classmethod
    def setUpClass(cls) -> None:
        work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(work.cleanup)
        cls.directory = Path(work.name)
        run_guide(cls.directory)
        cls.recipes = read_recipes(cls.directory)

    def test_answers_are_those_of_the_pipeline(self) -> None:
        for recipe in self.recipes:
            with self.subTest(recipe.fused):
                self.assertLess(self.measure(recipe), TOLERANCE)

    def test_readers_of_the_network_read_the_fused_file(self) -> None:
        for recipe in self.recipes:
            with self.subTest(recipe.fused):
                model = onnx.load(self.directory / recipe.fused)
                checker.check_model(model, full_check=True)
                # Each part adds its own line.
                versions = {(each.domain, each.version) for each in model.opset_import}
                self.assertEqual((model.ir_version, versions), (IR_VERSION, {("", OPSET)}))

    def test_rows_stand_first_in_every_input_and_output(self) -> None:
        for recipe in self.recipes:
            session = open_session(self.directory / recipe.fused)
            for value in [*session.get_inputs(), *session.get_outputs()]:
                with self.subTest(f"{recipe.fused} {value.name}"):
                    self.assertIsInstance(value.shape[0], str)

    def test_tensors_in_other_files_stay_there(self) -> None:
        names = ["split.onnx", "fused.onnx"]
        network = onnx.load(self.directory / "network.onnx")
        onnx.save_model(network, self.directory / names[0], save_as_external_data=True, location="split.data", size_threshold=0)
        load = f'onnx.load("{names[0]}", load_external_data=False)'
        program = read_programs()[0].replace('onnx.load("network.onnx")', load).replace("pixels.onnx", names[1])
        run_program(program, self.directory)
        pictures = {"pixels": np.load(self.directory / "pictures.npy")}
        whole, split = (open_session(self.directory / name).run(None, pictures) for name in ("pixels.onnx", names[1]))
        np.testing.assert_array_equal(whole, split)
        [kernel] = [each for each in onnx.load(self.directory / names[1], load_external_data=False).graph.initializer if each.external_data]
        self.assertEqual(kernel.external_data[0].value, "split.data")

    def measure(self, recipe: Recipe) -> float:
        """The largest difference of any output, each instance alone."""
        original, fused = (open_session(self.directory / name) for name in (recipe.original, recipe.fused))
        names = [output.name for output in fused.get_outputs()]
        largest = 0.0
        for values in recipe.instances:
            results = fused.run(names, {name: value[np.newaxis] for name, value in values.items()})
            answers = recipe.answer(original, values)
            self.assertEqual(sorted(names), sorted(answers))
            for name, result in zip(names, results, strict=True):
                self.assertEqual(result[0].shape, answers[name].shape)
                largest = max(largest, float(np.abs(result[0] - answers[name]).max()))
        return largest


if __name__ == "__main__":
    unittest.main()
