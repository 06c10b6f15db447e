/// <reference lib="dom" />
document.documentElement.dataset['script'] = 'on';
