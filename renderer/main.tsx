/** The console, put together. */
import { render } from 'preact';
import { follow } from './api/events.js';
import { Shell } from './parts/shell.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';

follow();
const root = document.getElementById('app');
if (root) render(<Shell />, root);
